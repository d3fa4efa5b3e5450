with question as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", lower("dns.question.name") as name, "dns.question.registered_domain" as domain,
         length("dns.question.name") - length("dns.question.registered_domain") as below,
         list_max(list_transform(string_split("dns.question.name"[:-length("dns.question.registered_domain") - 1], '.'), lambda part: length(part))) as longest,
         text_entropy(lower("dns.question.name"[:-length("dns.question.registered_domain") - 1])) as entropy
  from dns
  where "dns.question.registered_domain" <> "dns.question.name"
    and coalesce("destination.port", 53) not in (137, 5353, 5355)
    and "dns.question.name" not like '%.arpa'
)
select "source.ip" as machine, min("destination.ip") as peer, domain, count(distinct name) as names, sum(below) as carried, avg(longest) as label,
       evidence("event.id", "@timestamp") as events, sum(below) as headline, sum(below) >= 10 * $carried as bulk
from question
group by "source.ip", domain
having sum(below) >= $carried
   and avg(longest) >= $label
   and count(distinct name) >= 0.9 * count(*)
   and avg(entropy) >= 3.2                            -- letters of words repeat
