-- Requests of its requester that were filed on a ticket because they opened too many.
ALTER TABLE ticket ADD COLUMN flooded INTEGER NOT NULL DEFAULT 0;
