INSERT INTO alarm (subject, since, words, told) VALUES ('mailbox support', 1, 'was read last 900 s ago', 1);
