-- What an organisation is called. One row; none where nobody knows it.
select organisation_number, name from reference.organisation where organisation_number = $organisation;
