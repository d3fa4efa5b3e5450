with letter as (
  select "source.ip", "destination.ip", "event.id", "@timestamp", coalesce("email.subject", '') as subject, trim("vonggac.smtp.mail_from", '<> ') as sender,
         array_to_string(coalesce("email.attachments.file.name", []), ', ') as attachments,
         trim(coalesce("vonggac.smtp.rcpt_to"[1], ''), '<> ') as recipient, coalesce("vonggac.smtp.recipients", 0) as recipients,
         -- the name by which the machine greets: its own, up to the first dot
         lower(regexp_extract(coalesce("vonggac.smtp.helo", ''), '^([A-Za-z][A-Za-z0-9_-]{3,})', 1)) as own,
         "email.x_mailer" is null and "email.message_id" is null as no_program
  from smtp
  where goes_out("vonggac.destination.home", "source.ip", "destination.ip")
    and "vonggac.smtp.ordinal" > 0
    and coalesce("vonggac.mail.received", 0) = 0            -- nobody handed it on: it began here
), judged as (
  select *, own <> '' and contains(lower(subject || ' ' || attachments), own) as own_name,
         own <> '' and regexp_matches(lower(subject), '[a-z0-9._-]+ ?[/\\@] ?' || regexp_escape(own)) as own_account,
         regexp_matches(subject, '^(PW|KL|SC|CO|CR|CC|CK|KB)[_:/ -]') as coded,
         regexp_matches(subject || ' ' || attachments, '(?i)passw|key(log|stroke)|stealer|\b(vip|chrome) ?recovery\b|cookies|clipboard|screen ?shot|credential|\bpc ?name') as told,
         sender <> '' and lower(sender) = lower(recipient) and recipients = 1 as to_itself,
         regexp_matches(lower(attachments), '\.(pdf|tiff?|xps)\b') as scanned
  from letter
), weighed as (
  select *, 1.5 * own_account::integer + 1.0 * own_name::integer + 1.5 * coded::integer + 1.0 * told::integer + 0.8 * to_itself::integer
    + 0.5 * no_program::integer - 1.5 * scanned::integer as oddity
  from judged
)
select "source.ip" as machine, "destination.ip" as peer, count(*) as letters, any_value(sender) as sender, arg_max(subject, oddity) as subject,
       coalesce(nullif(arg_max(attachments, oddity), ''), '–') as attachments, evidence("event.id", "@timestamp") as events, max(oddity) as headline,
       bool_or(oddity >= $strong) as strong, bool_or(coded and own_account) as sure, bool_or(own_account) as own_account, bool_or(own_name) as own_name, bool_or(coded) as coded, bool_or(told) as told,
       bool_or(to_itself) as to_itself, bool_or(no_program) as no_program
from weighed
where oddity >= $oddity
  and (own_account or coded or told)                        -- a storage box also names itself, and writes to itself
group by "source.ip", "destination.ip"
