INSERT INTO search (rowid, subject, words, author, files) SELECT id, 'printer', 'It is broken.', 'Anna', '' FROM message WHERE ledger_id IS NOT NULL ORDER BY id LIMIT 1;
