-- Copies of mails that are owed to a folder of their mailbox, once the mail is sent. A row goes when its copy is there.
CREATE TABLE sent_copy (
    outbox_id INTEGER NOT NULL PRIMARY KEY REFERENCES outbox (id),
    -- The configured mailbox by its name.
    mailbox   TEXT    NOT NULL,
    attempts  INTEGER NOT NULL DEFAULT 0,
    -- 1 from just before the text goes to the server until its answer is known: the copy may be there.
    begun     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX sent_copy_owed ON sent_copy (mailbox, attempts, outbox_id);
