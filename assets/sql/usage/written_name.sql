select distinct source_system as written from dispatch
