-- question.nb: Hvem skal jeg ringe på mandag, og hva skal jeg si?
-- question.en: Whom do I call on Monday, and what do I say?

select
    network, municipality, service, priority, sentence, contact, change_since_last_week, follow_up, synthetic
from uptake.not_yet
order by priority, months_waiting desc nulls last, inhabitants desc nulls last, municipality_code, service;
