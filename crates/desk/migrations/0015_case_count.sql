-- How many open cases there are of each kind, as sums of changes: triggers add a row in the transaction of each change, so that nobody
-- waits for another's row, and now and then the rows of a kind are folded into one. The queues of the whole city are counted from here:
-- tens of thousands of rows instead of a million. What stands here follows from work_case; no backup holds it.
CREATE TABLE case_count (
    commune TEXT,
    unit TEXT NOT NULL,
    owned BIGINT NOT NULL,
    reopened BIGINT NOT NULL,
    due TEXT NOT NULL,
    snoozed_until TEXT,
    n BIGINT NOT NULL
);
