-- title.nb: Kommuner som venter på leverandøren
-- title.en: Municipalities that wait for the supplier
-- definition.nb: Kommuner på ringelisten som er sett med leverandørens fagsystem de siste tolv månedene. Én samtale med
--   leverandøren kan åpne for alle.
-- definition.en: Municipalities on the call list that were seen with the supplier's system within twelve months. One
--   call to the supplier may open for all.
-- unit: kommuner
-- dataset: uptake.supplier_gap

select service, supplier, source_system, waiting, active, supplier_ready, synthetic from uptake.supplier_gap;
