-- Tickets that came from another desk, by what names them there: each is taken once.
CREATE TABLE moved (
    origin    TEXT    NOT NULL PRIMARY KEY,
    ticket_id INTEGER NOT NULL REFERENCES ticket (id)
) STRICT;
