-- Words that engineers gave a ticket, each with a blank before and behind it.
ALTER TABLE ticket ADD COLUMN tags TEXT NOT NULL DEFAULT '';
