-- When its server or its file says that a mail arrived; NULL where that is not known.
ALTER TABLE ledger ADD COLUMN arrived_at INTEGER;
CREATE INDEX ledger_arrived ON ledger (mailbox, arrived_at);
-- What was in a folder when it was first seen, or seen under new numbers: mails up to `upto` that arrived before `before` are history.
CREATE TABLE first_sight (
    mailbox     TEXT    NOT NULL,
    folder      TEXT    NOT NULL,
    uidvalidity INTEGER NOT NULL,
    upto        INTEGER NOT NULL,
    before      INTEGER NOT NULL,
    PRIMARY KEY (mailbox, folder)
) STRICT;
