-- How often somebody's reply token on a ticket was replaced, because others saw it.
CREATE TABLE reply_generation (
    ticket_id  INTEGER NOT NULL REFERENCES ticket (id),
    person_id  INTEGER NOT NULL REFERENCES person (id),
    generation INTEGER NOT NULL,
    PRIMARY KEY (ticket_id, person_id)
) STRICT;

-- Engineers' mails that were acted on. Headers can be added to a mail without breaking its signature; its Message-ID and
-- its body stay, and are obeyed once.
CREATE TABLE obeyed (
    message_id TEXT    NOT NULL,
    body_hash  BLOB    NOT NULL,
    ledger_id  INTEGER NOT NULL REFERENCES ledger (id),
    PRIMARY KEY (message_id, body_hash)
) STRICT;
