-- The owner is under row level security as well: what there is is counted as the program itself.
SELECT set_config('app.scope', 'city', true), set_config('app.employees', 'yes', true);
INSERT INTO case_count (commune, unit, owned, reopened, due, snoozed_until, n)
SELECT commune, unit, CASE WHEN owner IS NULL THEN 0 ELSE 1 END, CASE WHEN state = 'reopened' THEN 1 ELSE 0 END, due, snoozed_until, count(*)
FROM work_case WHERE state <> 'done' GROUP BY 1, 2, 3, 4, 5, 6;
SELECT set_config('app.scope', '', true), set_config('app.employees', '', true);

CREATE FUNCTION work_case_counted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO case_count (commune, unit, owned, reopened, due, snoozed_until, n)
    SELECT commune, unit, CASE WHEN owner IS NULL THEN 0 ELSE 1 END, CASE WHEN state = 'reopened' THEN 1 ELSE 0 END, due, snoozed_until,
           count(*)
    FROM fresh WHERE state <> 'done' GROUP BY 1, 2, 3, 4, 5, 6;
    RETURN NULL;
END $$;
CREATE FUNCTION work_case_counted_anew() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    INSERT INTO case_count (commune, unit, owned, reopened, due, snoozed_until, n)
    SELECT commune, unit, CASE WHEN owner IS NULL THEN 0 ELSE 1 END, CASE WHEN state = 'reopened' THEN 1 ELSE 0 END, due, snoozed_until,
           sum(change)
    FROM (SELECT commune, unit, owner, state, due, snoozed_until, -1 AS change FROM gone
          UNION ALL SELECT commune, unit, owner, state, due, snoozed_until, 1 FROM fresh) changed
    WHERE state <> 'done' GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(change) <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER work_case_counted AFTER INSERT ON work_case REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION work_case_counted();
CREATE TRIGGER work_case_counted_anew AFTER UPDATE ON work_case REFERENCING OLD TABLE AS gone NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION work_case_counted_anew();

-- Whoever reads while rows are folded sees those of before; whoever adds meanwhile adds beside them.
CREATE FUNCTION case_count_fold() RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS $$
    WITH gone AS (DELETE FROM case_count RETURNING commune, unit, owned, reopened, due, snoozed_until, n)
    INSERT INTO case_count (commune, unit, owned, reopened, due, snoozed_until, n)
    SELECT commune, unit, owned, reopened, due, snoozed_until, sum(n) FROM gone GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0
$$;

GRANT SELECT ON case_count TO ansinh_app;
ALTER TABLE case_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE case_count FORCE ROW LEVEL SECURITY;
CREATE POLICY case_count_area ON case_count FOR SELECT TO ansinh_app
    USING (((SELECT current_setting('app.scope', true)) = 'city'
            OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0)
           AND (unit = 'commune' OR (SELECT current_setting('app.employees', true)) = 'yes'));
-- The triggers count as the tables' owner, whatever the one who changes a case may see.
CREATE POLICY case_count_owner ON case_count TO CURRENT_USER
    USING ((SELECT current_setting('app.actor', true)) <> '') WITH CHECK ((SELECT current_setting('app.actor', true)) <> '');
