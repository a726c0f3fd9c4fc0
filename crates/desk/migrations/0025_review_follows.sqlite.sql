-- One case a visit becomes one case a visit and place: the same index of its own, over both columns now, written anew.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema SET sql = replace(replace(sql, 'visit BIGINT NOT NULL UNIQUE CHECK', 'visit BIGINT NOT NULL CHECK'),
    'CHECK (asked BETWEEN 0 AND billed),', 'UNIQUE (visit, follows), CHECK (asked BETWEEN 0 AND billed),')
WHERE type = 'table' AND name = 'review_case';
PRAGMA writable_schema = RESET;
REINDEX review_case;
CREATE TRIGGER review_case_follows BEFORE UPDATE ON review_case WHEN NEW.follows <> OLD.follows
BEGIN SELECT RAISE(ABORT, 'a review keeps its place among those of its visit'); END;
