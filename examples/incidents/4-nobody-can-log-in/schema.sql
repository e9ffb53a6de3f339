CREATE TABLE users (id integer PRIMARY KEY, email text, name varchar(20), digest text);
CREATE TABLE logins (user_id integer);
INSERT INTO users VALUES (1, 'ada@example.org', 'Ada', 'correct');
