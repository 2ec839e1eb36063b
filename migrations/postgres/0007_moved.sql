-- Tickets that came from another desk, by what names them there: each is taken once.
CREATE TABLE moved (
    origin    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    ticket_id BIGINT NOT NULL REFERENCES ticket (id)
);
