-- The alias that the customer wrote to: answers come from there. Empty for the mailbox's own address.
ALTER TABLE ticket ADD COLUMN written_to TEXT COLLATE "C" NOT NULL DEFAULT '';
-- Message-IDs that a mail which opened a ticket answers, and that nobody knows yet: the mail itself joins when it comes.
CREATE TABLE awaited (
    message_id TEXT COLLATE "C" NOT NULL,
    ticket_id  BIGINT NOT NULL REFERENCES ticket (id),
    PRIMARY KEY (message_id, ticket_id)
);
