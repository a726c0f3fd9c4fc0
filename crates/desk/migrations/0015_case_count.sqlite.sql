INSERT INTO case_count (commune, unit, owned, reopened, due, snoozed_until, n)
SELECT commune, unit, CASE WHEN owner IS NULL THEN 0 ELSE 1 END, CASE WHEN state = 'reopened' THEN 1 ELSE 0 END, due, snoozed_until, count(*)
FROM work_case WHERE state <> 'done' GROUP BY 1, 2, 3, 4, 5, 6;
CREATE TRIGGER work_case_counted AFTER INSERT ON work_case WHEN NEW.state <> 'done'
BEGIN
    INSERT INTO case_count (commune, unit, owned, reopened, due, snoozed_until, n)
    VALUES (NEW.commune, NEW.unit, NEW.owner IS NOT NULL, NEW.state = 'reopened', NEW.due, NEW.snoozed_until, 1);
END;
CREATE TRIGGER work_case_counted_anew AFTER UPDATE ON work_case
WHEN (NEW.commune IS DISTINCT FROM OLD.commune) OR ((NEW.owner IS NULL) <> (OLD.owner IS NULL)) OR NEW.state <> OLD.state
  OR NEW.due <> OLD.due OR (NEW.snoozed_until IS DISTINCT FROM OLD.snoozed_until)
BEGIN
    INSERT INTO case_count (commune, unit, owned, reopened, due, snoozed_until, n)
    SELECT OLD.commune, OLD.unit, OLD.owner IS NOT NULL, OLD.state = 'reopened', OLD.due, OLD.snoozed_until, -1 WHERE OLD.state <> 'done';
    INSERT INTO case_count (commune, unit, owned, reopened, due, snoozed_until, n)
    SELECT NEW.commune, NEW.unit, NEW.owner IS NOT NULL, NEW.state = 'reopened', NEW.due, NEW.snoozed_until, 1 WHERE NEW.state <> 'done';
END;
