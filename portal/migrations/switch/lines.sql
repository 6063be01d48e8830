-- A line, and what it does with a call: the same decisions as portal/features/callhandling/rules (evaluation, fitting, outgoing).

CREATE TYPE kamailio.line AS (
    id integer,
    public_id text,
    customer_id integer,
    kind text,
    username text,
    domain text,
    name text,
    extension text,
    lock integer,
    do_not_disturb boolean,
    ring_seconds integer,
    incoming text,
    outgoing text,
    block_hidden boolean,
    hide_outside boolean,
    hide_inside boolean,
    forwards boolean,
    blocks_incoming boolean,
    blocks_outgoing boolean,
    speed_dials boolean,
    next_hop text,
    cc text,
    ac text,
    zone text,
    outgoing_number text,
    outgoing_number_id integer
);

-- All of a line that is in force: what its class of service or its profile turns off is not. Null for one that has ended.
CREATE FUNCTION kamailio.line_of(line_id integer) RETURNS kamailio.line LANGUAGE sql STABLE AS $$
    SELECT ROW(
        line.id, line.public_id, line.customer_id, line.kind, line.username, domain.domain, line.display_name, line.extension,
        CASE WHEN line.status = 'locked' OR customer.status <> 'active' THEN 4 ELSE line.lock_level END,
        line.do_not_disturb AND allowed.levels->>'do-not-disturb' IS DISTINCT FROM 'off',
        coalesce(handling.ring_seconds, 20), coalesce(handling.incoming, 'block'), coalesce(handling.outgoing, 'block'),
        coalesce(handling.block_hidden, false),
        coalesce(handling.hide_outside, false) AND allowed.levels->>'privacy' IS DISTINCT FROM 'off',
        coalesce(handling.hide_inside, false) AND allowed.levels->>'privacy' IS DISTINCT FROM 'off',
        allowed.levels->>'forwarding' IS DISTINCT FROM 'off',
        allowed.levels->>'block-incoming' IS DISTINCT FROM 'off',
        allowed.levels->>'block-outgoing' IS DISTINCT FROM 'off',
        allowed.levels->>'speed-dial' IS DISTINCT FROM 'off',
        line.next_hop, domain.cc, domain.ac, domain.time_zone, line.outgoing, line.outgoing_number_id
    )::kamailio.line
    FROM public.subscriber line
    JOIN public.sip_domain domain ON domain.id = line.domain_id
    JOIN public.customer customer ON customer.id = line.customer_id
    LEFT JOIN public.line_handling handling ON handling.subscriber_id = line.id
    LEFT JOIN public.service_class class ON class.id = customer.service_class_id
    LEFT JOIN public.subscriber_profile profile
        ON line.kind IN ('extension', 'regular') AND profile.id = coalesce(line.profile_id, customer.default_profile_id)
    CROSS JOIN LATERAL (SELECT public.lower_levels(class.levels, profile.levels) AS levels) AS allowed
    WHERE line.id = line_id AND line.status <> 'terminated'
$$;

-- Its own number first.
CREATE FUNCTION kamailio.numbers_of(line_id integer) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT coalesce(array_agg(digits ORDER BY role = 'primary' DESC, digits), '{}') FROM public.number WHERE subscriber_id = line_id
$$;

-- Why a call ends before anything of the line is tried; null when it does not.
CREATE FUNCTION kamailio.arrives_not(line kamailio.line, call jsonb) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    listed boolean;
BEGIN
    IF line.lock IN (3, 4) THEN
        RETURN 'locked';
    END IF;
    IF NOT line.blocks_incoming THEN
        RETURN NULL;
    END IF;
    IF kamailio.without_number(call) THEN
        RETURN CASE WHEN line.block_hidden OR line.incoming = 'allow' THEN 'hidden' END;
    END IF;
    listed := EXISTS (
        SELECT FROM public.block_entry entry
        WHERE entry.subscriber_id = line.id AND entry.direction = 'in' AND kamailio.means_caller(entry.pattern, call)
    );
    RETURN CASE WHEN listed <> (line.incoming = 'allow') THEN 'blocked' END;
END $$;

-- The rule by which a call goes elsewhere in this case: the first that fits, scheduled ones before the others.
CREATE FUNCTION kamailio.instead(line kamailio.line, call jsonb, in_case text) RETURNS integer LANGUAGE plpgsql STABLE AS $$
DECLARE
    found integer;
    own text[];
    dialled text[] := ARRAY[call->>'called'];
BEGIN
    IF NOT line.forwards THEN
        RETURN NULL;
    END IF;
    -- Dialling the extension is dialling the line’s own number.
    own := array_remove(ARRAY[line.extension, (kamailio.numbers_of(line.id))[1]], NULL);
    IF call->>'called' = ANY (own) THEN
        dialled := dialled || own;
    END IF;
    SELECT rule.id INTO found
    FROM public.forward rule
    WHERE rule.subscriber_id = line.id AND rule."when" = in_case AND rule.enabled
        AND EXISTS (SELECT FROM public.forward_destination WHERE forward_id = rule.id)
        AND (rule.starts_at IS NULL OR rule.starts_at <= (call->>'at')::timestamptz)
        AND (rule.ends_at IS NULL OR (call->>'at')::timestamptz < rule.ends_at)
        AND (rule.called IS NULL OR rule.called = ANY (dialled))
        AND (rule.time_set_id IS NULL
             OR kamailio.times_on(rule.time_set_id, (call->>'at')::timestamptz, call->>'zone') <> rule.times_except)
        AND (rule.caller_list_id IS NULL OR kamailio.caller_in(rule.caller_list_id, call) <> rule.callers_except)
    ORDER BY (rule.starts_at IS NOT NULL OR rule.ends_at IS NOT NULL) DESC, rule.position, rule.id
    LIMIT 1;
    RETURN found;
END $$;

-- Where a call goes on that was not answered for this reason.
CREATE FUNCTION kamailio.next_rule(line kamailio.line, call jsonb, why text) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT coalesce(kamailio.instead(line, call, cases[1]), CASE WHEN cases[2] IS NOT NULL THEN kamailio.instead(line, call, cases[2]) END)
    FROM (
        SELECT CASE
            WHEN why = 'busy' AND line.kind = 'group' THEN ARRAY['busy', 'no-answer']
            WHEN why IN ('busy', 'do-not-disturb') THEN ARRAY['busy']
            WHEN why = 'unreachable' THEN ARRAY['unreachable']
            WHEN why = 'moved' OR (why = 'nobody' AND line.kind = 'group') THEN ARRAY['unreachable', 'no-answer']
            WHEN why = 'not-answered' THEN ARRAY['no-answer']
        END AS cases
    ) AS after
    WHERE cases IS NOT NULL
$$;

CREATE FUNCTION kamailio.has_phone(line kamailio.line) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT line.next_hop IS NOT NULL OR EXISTS (
        SELECT FROM kamailio.location
        WHERE username = line.username AND domain = line.domain AND expires > now() AT TIME ZONE 'UTC'
    )
$$;

-- Why a call that has arrived, and does not always go elsewhere, does not ring; null when it does.
CREATE FUNCTION kamailio.rings_not(line kamailio.line) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN line.lock = 5 THEN 'moved'
        WHEN line.do_not_disturb THEN 'do-not-disturb'
        WHEN line.kind <> 'group' AND NOT kamailio.has_phone(line) THEN 'unreachable'
    END
$$;

-- Why a call does not leave; null when it does. `inside`: it leads to a line of the company.
CREATE FUNCTION kamailio.calls_not(line kamailio.line, dialled text, lock integer, inside boolean) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    listed boolean;
BEGIN
    IF kamailio.is_emergency(dialled, line.cc) THEN
        RETURN NULL;
    END IF;
    IF lock IN (2, 3, 4, 5) OR (lock = 1 AND NOT inside) THEN
        RETURN 'locked';
    END IF;
    IF NOT line.blocks_outgoing THEN
        RETURN NULL;
    END IF;
    listed := EXISTS (
        SELECT FROM public.block_entry entry
        WHERE entry.subscriber_id = line.id AND entry.direction = 'out'
            AND kamailio.means_dialled(entry.pattern, dialled, line.cc, line.ac)
    );
    RETURN CASE WHEN listed <> (line.outgoing = 'allow') THEN 'blocked' END;
END $$;

-- Why a forwarded call does not leave to a number outside (digits), for which the forwarding line pays.
CREATE FUNCTION kamailio.forwards_not(line kamailio.line, digits text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT kamailio.calls_not(line, '+' || digits, CASE WHEN line.lock = 5 THEN 0 ELSE line.lock END, false)
$$;

-- Which number people outside see: its own, the company’s, or a chosen one.
CREATE FUNCTION kamailio.shown_outside(line kamailio.line) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        CASE line.outgoing_number
            WHEN 'alias' THEN (SELECT digits FROM public.number WHERE id = line.outgoing_number_id AND subscriber_id = line.id)
            WHEN 'base' THEN (
                SELECT number.digits FROM public.subscriber pilot
                JOIN public.number ON number.subscriber_id = pilot.id AND number.role = 'primary'
                WHERE pilot.customer_id = line.customer_id AND pilot.kind = 'pilot' AND pilot.status <> 'terminated'
            )
        END,
        (kamailio.numbers_of(line.id))[1]
    )
$$;

-- Who of a group rings when: steps of lines that ring together.
CREATE FUNCTION kamailio.ring_plan(group_id integer, policy text, turn bigint) RETURNS jsonb LANGUAGE sql VOLATILE AS $$
    WITH people AS (
        SELECT member.subscriber_id AS line, row_number() OVER (ORDER BY member.position) - 1 AS place, count(*) OVER () AS size
        FROM public.pbx_group_member member
        WHERE member.group_id = $1
    )
    SELECT CASE WHEN policy = 'parallel'
        THEN coalesce((SELECT jsonb_build_array(jsonb_agg(line ORDER BY place)) FROM people HAVING count(*) > 0), '[]')
        ELSE coalesce((
            SELECT jsonb_agg(jsonb_build_array(line) ORDER BY CASE policy
                WHEN 'random' THEN random()
                WHEN 'circular' THEN (place - turn % size + size) % size
                ELSE place END)
            FROM people
        ), '[]')
    END
$$;
