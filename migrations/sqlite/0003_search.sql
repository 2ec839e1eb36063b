-- What can be found: a row a message, under its id. The words are not kept here: they are views on raw mails.
CREATE VIRTUAL TABLE search USING fts5 (
    subject, words, author, files,
    content = '', contentless_delete = 1, tokenize = "unicode61 remove_diacritics 2"
);
-- Whoever deletes a message, it is found no more.
CREATE TRIGGER message_not_found AFTER DELETE ON message BEGIN
    DELETE FROM search WHERE rowid = OLD.id;
END;
