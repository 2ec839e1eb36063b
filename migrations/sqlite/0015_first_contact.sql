-- The address is known to be its owner's: a mail from it was proven, or an engineer wrote to it.
ALTER TABLE person ADD COLUMN known INTEGER NOT NULL DEFAULT 0;
UPDATE person SET known = 1 WHERE id IN (SELECT person_id FROM outbox WHERE notice IN ('answer', 'registration_file'))
    OR id IN (SELECT m.author_id FROM message m JOIN ledger l ON l.id = m.ledger_id WHERE l.sender_proof <> '');

-- Automatic letters to people whom nothing showed to be who they say: what the breaker counts.
CREATE TABLE first_contact (
    ticket_id INTEGER NOT NULL REFERENCES ticket (id),
    at        INTEGER NOT NULL,
    -- 1 when it was held back.
    held      INTEGER NOT NULL
) STRICT;
CREATE INDEX first_contact_at ON first_contact (at);
