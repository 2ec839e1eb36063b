INSERT INTO moved (origin, ticket_id) VALUES ('c0ffee', 1);
