UPDATE ticket SET written_to = 'help@example.test' WHERE id = 1;
INSERT INTO awaited (message_id, ticket_id) VALUES ('not-yet-here@customer.test', 1);
