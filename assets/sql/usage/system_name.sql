-- each name as written, what the register says of it, and whether it is told of by organisation
-- white space of any kind around a name is not part of it; its letters alone tell what it holds
with names as (
    select written, name, regexp_replace(lower(name), '[^\p{L}]', '', 'g') as letters
    from (
        select written, nullif(regexp_replace(written, '^[\s\x{00A0}]+|[\s\x{00A0}]+$', '', 'g'), '') as name
        from written_name
    )
),
registered as (
    select
        regexp_replace(source_system, '^[\s\x{00A0}]+|[\s\x{00A0}]+$', '', 'g') as name,
        {'system': system, 'supplier': supplier} as meaning,
        coalesce(bool_or(sensitive) over (partition by coalesce(system, source_system)), false) as sensitive
    from source_system
),
-- names that differ in white space alone are one: what the first of them means, sensitive if any is
known as (
    select
        name, min(meaning) as meaning, bool_or(sensitive) as sensitive,
        regexp_replace(lower(min(meaning).system), '[^\p{L}]', '', 'g') as letters
    from registered
    group by name
),
sensitive_words as (
    select distinct word
    from (
        select regexp_replace(lower(name), '[^\p{L}]', '', 'g') as word from known where sensitive
        union all
        select letters from known where sensitive
    )
    where length(word) >= 4
)
select
    names.written, names.name, known.meaning.system as system, known.meaning.supplier as supplier,
    known.name is not null as mapped,
    names.name is not null
        and (
            coalesce(known.sensitive, false)
            or regexp_matches(names.letters, $child_welfare)
            or coalesce(regexp_matches(known.letters, $child_welfare), false)
            or (known.name is null and exists (select 1 from sensitive_words where contains(names.letters, word)))
        ) as sensitive
from names
left join known using (name)
