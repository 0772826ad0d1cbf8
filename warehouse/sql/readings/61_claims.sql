{% import "claims/verdicts.sql" as c %}
-- What the documents that come with the project say, held against figures (warehouse/claims).
{{ stored("mart.claims") }} AS
{{ c.verdicts(claims()) }};
