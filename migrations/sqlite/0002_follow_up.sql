-- What the clock is to do, one row a kind and ticket. A row that was carried out is gone, in the transaction of what it
-- caused; the step after it is a new row, due from that moment on.
CREATE TABLE follow_up (
    ticket_id  INTEGER NOT NULL REFERENCES ticket (id),
    kind       TEXT    NOT NULL,
    due_at     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    -- Counted before any work starts.
    attempts   INTEGER NOT NULL DEFAULT 0,
    -- An attempt is under way or failed: nobody tries before this.
    retry_at   INTEGER NOT NULL DEFAULT 0,
    -- 1 when it failed too often: kept to be seen, carried out no more.
    set_aside  INTEGER NOT NULL DEFAULT 0,
    -- What the kind remembers from step to step.
    detail     TEXT    NOT NULL DEFAULT '',
    PRIMARY KEY (ticket_id, kind)
) STRICT;
CREATE INDEX follow_up_due ON follow_up (due_at) WHERE set_aside = 0;
CREATE INDEX follow_up_created ON follow_up (created_at);
