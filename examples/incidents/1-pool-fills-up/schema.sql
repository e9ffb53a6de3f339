CREATE TABLE messages (text text);
INSERT INTO messages VALUES ('hello'), ('anybody there?');
