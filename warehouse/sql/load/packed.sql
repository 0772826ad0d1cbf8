{# The key of a row of core.trade_bulk as one integer: 16 bits a place and 31 for the product. Joining eleven million
   rows by one column takes half the time of joining them by three. #}
{% macro packed(of) -%}
({{ of }}.reporter_key::BIGINT << 47) | ({{ of }}.partner_key::BIGINT << 31) | {{ of }}.product_number
{%- endmacro %}
{# The columns of a row, or those that its key in another one says. #}
{% macro unpacked(of, packed) -%}
coalesce({{ of }}.reporter_key, ({{ packed }} >> 47)::INTEGER) AS reporter_key,
    coalesce({{ of }}.partner_key, (({{ packed }} >> 31) & 65535)::INTEGER) AS partner_key,
    coalesce({{ of }}.product_number, ({{ packed }} & 2147483647)::INTEGER) AS product_number
{%- endmacro %}
