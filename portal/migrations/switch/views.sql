-- What Kamailio’s modules read. They check the versions at start, want varchar for text and int for whole numbers.

CREATE VIEW kamailio.version AS
SELECT name::varchar AS table_name, number::int AS table_version
FROM (VALUES ('subscriber', 7), ('domain', 2), ('domain_attrs', 1), ('address', 6), ('location', 9), ('dialog', 7),
             ('dialog_vars', 1), ('acc_cdrs', 2), ('trusted', 6)) AS known (name, number);

-- The names that calls are taken for.
CREATE VIEW kamailio.domain AS
SELECT id::int, domain::varchar, domain::varchar AS did, created_at::timestamp AS last_modified
FROM public.sip_domain
WHERE removed_at IS NULL;

CREATE VIEW kamailio.domain_attrs AS
SELECT 0 AS id, ''::varchar AS did, ''::varchar AS name, 2 AS type, ''::varchar AS value, now()::timestamp AS last_modified
WHERE false;

-- Who may sign in: lines with a password, of customers in service. `refused` says why one may not, all the same.
CREATE VIEW kamailio.subscriber AS
SELECT
    line.id::int,
    line.username::varchar,
    domain.domain::varchar,
    line.ha1_md5::varchar AS ha1,
    line.id::varchar AS line,
    CASE line.kind WHEN 'trunk' THEN 'trunk' ELSE 'line' END::varchar AS kind,
    CASE WHEN line.status <> 'active' OR line.lock_level = 4 OR customer.status <> 'active' THEN 'locked' ELSE '' END::varchar
        AS refused
FROM public.subscriber line
JOIN public.sip_domain domain ON domain.id = line.domain_id AND domain.removed_at IS NULL
JOIN public.customer customer ON customer.id = line.customer_id
WHERE line.status <> 'terminated' AND line.kind <> 'group' AND line.ha1_md5 <> '';

-- Where calls of other networks come from. Kamailio keeps them in mind: addressReload after a change.
CREATE VIEW kamailio.address AS
SELECT server.id::int, 1 AS grp, server.host::varchar AS ip_addr,
       CASE WHEN server.host LIKE '%:%' THEN 128 ELSE 32 END AS mask, 0 AS port, server.public_id::varchar AS tag
FROM public.peering_server server
WHERE server.enabled AND server.host ~ '^([0-9.]+|[0-9a-f:]*:[0-9a-f:]*)$';

CREATE VIEW kamailio.trusted AS
SELECT 0 AS id, ''::varchar AS src_ip, ''::varchar AS proto, NULL::varchar AS from_pattern, NULL::varchar AS ruri_pattern,
       ''::varchar AS tag, 0 AS priority
WHERE false;
