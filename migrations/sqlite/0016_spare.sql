-- The same mail with its files left out and named: sent instead when the server says that it is too large, and gone once the mail is
-- sent.
CREATE TABLE outbox_spare (
    outbox_id INTEGER NOT NULL PRIMARY KEY REFERENCES outbox (id),
    bytes     BLOB    NOT NULL
) STRICT;
