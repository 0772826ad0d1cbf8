CREATE VIEW {{ schema }}.{{ table }} AS FROM published.{{ schema }}.{{ table }}
