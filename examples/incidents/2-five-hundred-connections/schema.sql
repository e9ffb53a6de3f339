CREATE TABLE orders (number integer, customer text);
INSERT INTO orders VALUES (1, 'ada'), (2, 'ada');
