-- Findings that come after a case of their visit was sent, decided or closed get a case of their own, which follows the cases before it.
ALTER TABLE review_case ADD COLUMN follows BIGINT NOT NULL DEFAULT 0 CHECK (follows >= 0);
