### What the page of definitions says.

definitions-answer = { $n ->
        [one] { $n } number is
       *[other] { $n } numbers are
    } defined here, page by page. { $terms } words and abbreviations are explained.
definitions-not_in_release = Release { $release } is older than the definitions.
filter-sok = Search definitions and words
definitions-numbers-title = The numbers
definitions-numbers-found = Numbers that match “{ $sought }”: { $n }
definitions-terms-title = Words
definitions-abbreviations-title = Abbreviations and codes
definitions-index = The numbers, page by page
definitions-unit = Unit
definitions-dataset = Dataset
definitions-link = Link to this definition
definitions-sql = The dataset and the query that gives the number
definitions-none-title = Nothing matches “{ $sought }”
definitions-none = Try a shorter word, or [see all definitions]({ $link }).
definitions-made = **Definition**: the text is in the contract and follows the release, so that number and definition belong together.
definitions-made-limits = The query gives the number as the release has it. Pages may show a part of it, for a place or a month.
contents-tall = Numbers
contents-ord = Terms
contents-forkortelser = Abbreviations
