CREATE TRIGGER school_answer_refuse BEFORE UPDATE OR DELETE ON school_answer FOR EACH ROW EXECUTE FUNCTION desk_refuse();
CREATE TRIGGER school_answer_refuse_truncate BEFORE TRUNCATE ON school_answer FOR EACH STATEMENT EXECUTE FUNCTION desk_refuse();

GRANT SELECT, INSERT ON school_answer TO ansinh_app;

ALTER TABLE school_answer ENABLE ROW LEVEL SECURITY;
ALTER TABLE school_answer FORCE ROW LEVEL SECURITY;
CREATE POLICY school_answer_area ON school_answer
    USING ((SELECT current_setting('app.scope', true)) = 'city'
           OR position(',' || commune || ',' IN (SELECT current_setting('app.scope', true))) > 0);
