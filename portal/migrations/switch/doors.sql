-- What Kamailio asks. These run with the rights of portal_switch; nothing else of the portal can be reached by its role.

-- Whose trunk calls from an address without a password: the line’s key and its domain, or nothing.
CREATE FUNCTION kamailio.trunk_at(address text, protocol text, sender text) RETURNS TABLE (line integer, domain text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT line.id, sip_domain.domain
    FROM public.trusted_source source
    JOIN public.subscriber line ON line.id = source.subscriber_id AND line.status <> 'terminated'
    JOIN public.customer customer ON customer.id = line.customer_id AND customer.status = 'active'
    JOIN public.sip_domain ON sip_domain.id = line.domain_id AND sip_domain.removed_at IS NULL
    WHERE source.network::inet >>= trunk_at.address::inet
        AND source.protocol IN ('any', lower(trunk_at.protocol))
        AND (source.from_pattern IS NULL OR kamailio.fits(source.from_pattern, regexp_replace(sender, '^([+]|00)', '')))
    ORDER BY masklen(source.network::inet) DESC
    LIMIT 1
$$;

CREATE FUNCTION kamailio.saved(hunt kamailio.hunt) RETURNS void LANGUAGE sql VOLATILE AS $$
    UPDATE kamailio.call SET
        facts = hunt.facts,
        trace = hunt.trace,
        state = jsonb_build_object(
            'at', hunt.at, 'tries', hunt.tries, 'stack', hunt.stack, 'result', hunt.result,
            'waiting', hunt.todo || jsonb_build_object('since', extract(epoch FROM clock_timestamp()))
        )
    WHERE id = hunt.id
$$;

CREATE FUNCTION kamailio.loaded(call_id text) RETURNS kamailio.hunt LANGUAGE sql VOLATILE AS $$
    SELECT ROW(
        id, facts, (state->>'at')::int, (state->>'tries')::int, state->'stack', trace, NULL, NULL
    )::kamailio.hunt
    FROM kamailio.call WHERE id = call_id FOR UPDATE
$$;

-- A call of its own within this one, to a line of somebody else here, until a moment.
CREATE FUNCTION kamailio.calls_another(hunt kamailio.hunt, callee kamailio.line, number text, until integer) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    made text;
    facts jsonb := hunt.facts;
BEGIN
    facts := facts || jsonb_build_object(
        'depth', (facts->>'depth')::int + 1,
        'step', jsonb_array_length(hunt.trace) - 1,
        'call', (kamailio.seen_by(callee, NULL, number, facts->>'digits', (facts#>>'{call,at}')::timestamptz)
            || jsonb_build_object('hidden', facts->'hidden_outside'))
    );
    INSERT INTO kamailio.call (parent_id, facts, state) VALUES (hunt.id, facts, jsonb_build_object(
        'at', hunt.at, 'tries', hunt.tries, 'stack', jsonb_build_array(jsonb_build_object('f', 'line', 'line', callee.id, 'turn',
            jsonb_build_object('until', until, 'ring', NULL, 'path', '[]'::jsonb, 'within', NULL, 'forwards', true)))
    )) RETURNING id INTO made;
    RETURN made;
END $$;

CREATE FUNCTION kamailio.line_with(number text) RETURNS integer LANGUAGE sql STABLE AS $$
    SELECT line.id FROM public.number
    JOIN public.subscriber line ON line.id = number.subscriber_id AND line.status <> 'terminated'
    WHERE number.digits = line_with.number
$$;

-- The phones of a line that ring, each with where it is reached.
CREATE FUNCTION kamailio.phones(line kamailio.line, called text) RETURNS TABLE (uri text, via text) LANGUAGE sql STABLE AS $$
    SELECT
        CASE WHEN line.kind = 'trunk' AND called ~ '^[0-9]+$'
            THEN regexp_replace(contact, '^(sips?:)([^@]*@)?', '\1+' || called || '@') ELSE contact END,
        coalesce(received, '')
    FROM kamailio.location
    WHERE username = line.username AND domain = line.domain AND expires > now() AT TIME ZONE 'UTC'
    UNION ALL
    SELECT regexp_replace(line.next_hop, '^(sips?:)', '\1+' || called || '@'), line.next_hop
    WHERE line.next_hop IS NOT NULL
$$;

CREATE FUNCTION kamailio.refusal(hunt kamailio.hunt, answered boolean) RETURNS kamailio.action LANGUAGE sql STABLE AS $$
    SELECT ROW(
        hunt.id, 'refuse',
        -- One line, or one number outside, has answered for itself: the caller hears just that.
        CASE WHEN answered AND alone.was THEN 0 ELSE found.code END,
        found.reason, 0, '', '', '', '', '', 0, ''
    )::kamailio.action
    FROM (VALUES
        ('busy', 486, 'Busy Here'), ('do-not-disturb', 486, 'Busy Here'), ('not-answered', 408, 'Request Timeout'),
        ('locked', 480, 'Temporarily Unavailable'), ('unreachable', 480, 'Temporarily Unavailable'),
        ('nobody', 480, 'Temporarily Unavailable'), ('blocked', 603, 'Decline'), ('hidden', 433, 'Anonymity Disallowed'),
        ('loop', 482, 'Loop Detected'), ('moved', 410, 'Gone'), ('no-route', 503, 'Service Unavailable')
    ) AS found (why, code, reason)
    CROSS JOIN (
        SELECT count(*) FILTER (WHERE one->>'step' IN ('rings', 'leaves') AND one->>'within' IS NULL) = 1
            AND bool_and(one->>'step' IN ('rings', 'leaves', 'silent')) AND count(*) <= 2 AS was
        FROM jsonb_array_elements(hunt.trace) AS one
    ) AS alone
    WHERE found.why = coalesce(hunt.result->>'why', 'nobody')
$$;

-- How a group wants its phones told that somebody else has answered; `stack`: of the call that rings them.
CREATE FUNCTION kamailio.cancel_mode(stack jsonb) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT pbx_group.cancel_mode
        FROM jsonb_array_elements(stack) WITH ORDINALITY AS frames (frame, place)
        JOIN public.pbx_group ON subscriber_id = coalesce(CASE frame->>'f' WHEN 'group' THEN frame->'line' END, frame#>'{turn,within}')::int
        ORDER BY place DESC LIMIT 1
    ), 'cancel')
$$;

-- What is to be done now, as rows; goes on by itself where there is no phone and no peer to try.
CREATE FUNCTION kamailio.acts(begun kamailio.hunt, answered boolean) RETURNS SETOF kamailio.action LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    hunt kamailio.hunt := kamailio.go_on(begun);
    call jsonb;
    line kamailio.line;
    key integer;
    child text;
    cancel text;
    shown text;
    caller_name text;
    hidden integer;
    outside integer := 0;
    made kamailio.action;
BEGIN
    LOOP
        call := hunt.facts->'call';
        PERFORM kamailio.saved(hunt);
        IF hunt.todo IS NULL THEN
            RETURN NEXT kamailio.refusal(hunt, answered);
            RETURN;
        END IF;
        hidden := (hunt.facts->>'hidden')::boolean::int;
        IF hunt.todo->>'do' = 'ring' THEN
            shown := CASE WHEN call->>'colleague' IS NULL THEN coalesce('+' || (hunt.facts->>'digits'), '') ELSE hunt.facts->>'extension' END;
            caller_name := CASE WHEN call->>'colleague' IS NULL THEN '' ELSE hunt.facts->>'name' END;
            hidden := (hidden = 1 OR coalesce((call->>'hidden')::boolean, false))::int;
            cancel := kamailio.cancel_mode(hunt.stack);
            FOR key IN SELECT value::int FROM jsonb_array_elements_text(hunt.todo->'lines') LOOP
                line := kamailio.line_of(key);
                RETURN QUERY SELECT hunt.id, 'ring', 0, '', (hunt.todo->>'seconds')::int, phone.uri, phone.via, line.id::text, shown,
                    caller_name, hidden, cancel FROM kamailio.phones(line, call->>'called') AS phone;
                outside := outside + 1;
            END LOOP;
            FOR child IN SELECT value FROM jsonb_array_elements_text(coalesce(hunt.todo->'children', '[]')) LOOP
                RETURN QUERY SELECT hunt.id, 'ring', 0, '', (hunt.todo->>'seconds')::int, child, 'self', '', shown, caller_name, hidden, cancel;
            END LOOP;
            RETURN;
        END IF;
        hidden := (hidden = 1 OR (hunt.facts->>'hidden_outside')::boolean)::int;
        shown := coalesce('+' || (hunt.facts->>'digits'), '');
        line := kamailio.line_of(kamailio.line_with(hunt.todo->>'number'));
        IF line.id IS NOT NULL AND (hunt.facts->>'depth')::int < 10 THEN
            child := kamailio.calls_another(hunt, line, hunt.todo->>'number', hunt.at + (hunt.todo->>'seconds')::int);
            RETURN QUERY SELECT hunt.id, 'ring', 0, '', (hunt.todo->>'seconds')::int, child, 'self', '', shown, '', hidden, 'cancel';
            RETURN;
        END IF;
        IF line.id IS NULL THEN
            RETURN QUERY
            SELECT hunt.id, 'leave', 0, '', (hunt.todo->>'seconds')::int,
                format('sip:%s@%s:%s;transport=%s', CASE WHEN length(hunt.todo->>'number') > 4 THEN '+' ELSE '' END || (hunt.todo->>'number'),
                    CASE WHEN peer.host LIKE '%:%' THEN '[' || peer.host || ']' ELSE peer.host END, peer.port, peer.transport),
                '', peer.public_id, shown, '', hidden, 'cancel'
            FROM public.peering_server peer
            JOIN public.peering_group together ON together.id = peer.group_id
            WHERE peer.enabled
            ORDER BY together.priority, -ln(1 - random()) / peer.weight;
            IF FOUND THEN
                RETURN;
            END IF;
        END IF;
        hunt := kamailio.answered(hunt, hunt.todo, 'unreachable', NULL);
        hunt.todo := NULL;
        IF jsonb_array_length(hunt.stack) = 0 THEN
            hunt.result := kamailio.ended('no-route', false);
        END IF;
        hunt := kamailio.go_on(hunt);
    END LOOP;
END $$;

CREATE FUNCTION kamailio.refused(why text) RETURNS kamailio.action LANGUAGE sql IMMUTABLE AS $$
    SELECT ROW(
        '', 'refuse',
        CASE why WHEN 'not-found' THEN 404 WHEN 'not-a-number' THEN 484 ELSE 403 END,
        CASE why
            WHEN 'not-found' THEN 'Not Found' WHEN 'not-a-number' THEN 'Address Incomplete' WHEN 'too-many' THEN 'Too Many Calls'
            ELSE 'Forbidden' END,
        0, '', '', '', '', '', 0, ''
    )::kamailio.action
$$;

-- What *0 to *9 mean.
CREATE FUNCTION kamailio.speed_dialled(caller kamailio.line, dialled text) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce(target.extension, '+' || (kamailio.numbers_of(target.id))[1], target.username, '+' || dial.number)
    FROM public.speed_dial dial
    LEFT JOIN public.subscriber target ON target.id = dial.target_id AND target.status <> 'terminated'
    WHERE dial.subscriber_id = caller.id AND caller.speed_dials AND dialled ~ '^[*][0-9]$' AND dial.slot = substr(dialled, 2)::int
$$;

-- Whom a caller means by what was dialled: an extension of the own company, a number, or a name in the domain that was called.
-- Only names may have dashes and dots that mean something.
CREATE FUNCTION kamailio.whom(caller kamailio.line, dialled text, domain_name text, digits text) RETURNS integer
LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT id FROM public.subscriber
         WHERE customer_id = caller.customer_id AND extension = kamailio.bare(dialled) AND status <> 'terminated'),
        kamailio.line_with(digits),
        (SELECT line.id FROM public.subscriber line
         JOIN public.sip_domain ON sip_domain.id = line.domain_id AND sip_domain.removed_at IS NULL
         WHERE line.username = dialled AND sip_domain.domain = domain_name AND line.status <> 'terminated'
            AND (caller.id IS NULL OR line.customer_id = caller.customer_id OR dialled !~ '^[0-9]+$'))
    )
$$;

-- Which of two companies may only have so many calls with others at the same time. They wait for each other from here on.
CREATE FUNCTION kamailio.limited(company integer, other integer) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    one integer;
    found jsonb := '[]';
BEGIN
    FOR one IN SELECT id FROM public.customer WHERE id IN (company, other) AND max_calls IS NOT NULL ORDER BY id LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('calls at the same time', one));
        found := found || to_jsonb(one);
    END LOOP;
    RETURN found;
END $$;

-- Whether one of these has no call left: those that somebody answered, and those of the last minutes that may still be.
CREATE FUNCTION kamailio.is_full(limited jsonb, company integer) RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT limited @> to_jsonb(company) AND (SELECT max_calls FROM public.customer WHERE id = company) <= (
        SELECT count(*) FROM kamailio.call
        WHERE facts ? 'limited' AND facts->'limited' @> to_jsonb(company)
            AND NOT EXISTS (SELECT FROM kamailio.acc_cdrs WHERE acc_cdrs.call = call.id)
            AND (began_at > clock_timestamp() - interval '5 minutes'
                OR EXISTS (SELECT FROM kamailio.dialog WHERE callid = facts->>'sip_call_id'))
    )
$$;

-- A new call. `kind` and `sender`: line or trunk and its key, or peer and its id. `dialled` and `from_user` as they came.
CREATE FUNCTION kamailio.begin_call(
    kind text, sender text, dialled text, domain_name text, from_user text, anonymous integer, sip_call_id text,
    at timestamptz DEFAULT now()
) RETURNS SETOF kamailio.action LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    caller kamailio.line := CASE WHEN kind <> 'peer' THEN kamailio.line_of(sender::int) END;
    callee kamailio.line;
    meant text := dialled;
    bare text;
    digits text;
    own text;
    called text;
    why text;
    limited jsonb := '[]';
    emergency boolean := false;
    full_there boolean;
    turn jsonb := jsonb_build_object('until', NULL, 'ring', NULL, 'path', '[]'::jsonb, 'within', NULL, 'forwards', true);
    hunt kamailio.hunt;
BEGIN
    IF kind = 'peer' THEN
        own := kamailio.parse_number(CASE WHEN from_user ~ '^([+]|00)' THEN from_user ELSE '+' || from_user END, '', '');
        digits := kamailio.parse_number(CASE WHEN meant ~ '^([+]|00)' THEN meant ELSE '+' || meant END, '', '');
    ELSIF caller.id IS NULL THEN
        RETURN NEXT kamailio.refused('locked');
        RETURN;
    ELSE
        meant := coalesce(kamailio.speed_dialled(caller, dialled), dialled);
        bare := kamailio.bare(meant);
        own := kamailio.shown_outside(caller);
        IF kind = 'trunk' THEN
            own := coalesce(
                (SELECT one FROM unnest(kamailio.numbers_of(caller.id)) AS one
                 WHERE one = kamailio.parse_number(from_user, caller.cc, caller.ac)
                    OR one = regexp_replace(from_user, '^([+]|00)', '') LIMIT 1),
                own);
        END IF;
        emergency := kamailio.is_emergency(bare, caller.cc);
        digits := CASE WHEN emergency THEN bare ELSE kamailio.parse_number(bare, caller.cc, caller.ac) END;
    END IF;
    callee := kamailio.line_of(kamailio.whom(caller, meant, domain_name, digits));
    IF caller.id IS NOT NULL THEN
        why := kamailio.calls_not(caller, bare, caller.lock, coalesce(callee.customer_id = caller.customer_id, false));
    END IF;
    IF why IS NULL AND callee.id IS NULL AND (caller.id IS NULL OR digits IS NULL) THEN
        why := CASE WHEN digits IS NULL AND meant ~ '^[0-9+*#]+$' THEN 'not-a-number' ELSE 'not-found' END;
    END IF;
    IF why IS NULL AND NOT emergency AND caller.customer_id IS DISTINCT FROM callee.customer_id THEN
        limited := kamailio.limited(caller.customer_id, callee.customer_id);
        why := CASE WHEN kamailio.is_full(limited, caller.customer_id) THEN 'too-many' END;
        full_there := kamailio.is_full(limited, callee.customer_id);
    END IF;
    called := CASE
        WHEN callee.id IS NULL OR digits = ANY (kamailio.numbers_of(callee.id)) THEN digits
        ELSE coalesce(callee.extension, (kamailio.numbers_of(callee.id))[1], meant) END;
    hunt.at := 0;
    hunt.tries := 0;
    hunt.stack := '[]';
    hunt.trace := '[]';
    hunt.facts := jsonb_build_object(
        'kind', kind, 'sender', sender, 'dialled', dialled, 'called', called, 'sip_call_id', sip_call_id, 'depth', 0,
        'digits', own, 'caller', caller.id, 'callee', callee.id, 'domain', domain_name, 'from', from_user,
        'extension', coalesce(caller.extension, caller.username), 'name', caller.name,
        'hidden', anonymous <> 0, 'hidden_outside', anonymous <> 0 OR coalesce(caller.hide_outside, false),
        'call', CASE WHEN callee.id IS NOT NULL THEN kamailio.seen_by(callee, caller, called, own, at)
            ELSE jsonb_build_object('at', at, 'called', called) END
    );
    IF anonymous <> 0 THEN
        hunt.facts := jsonb_set(hunt.facts, '{call,hidden}', 'true');
    END IF;
    IF why IS NULL AND limited <> '[]' AND full_there IS NOT TRUE THEN
        hunt.facts := hunt.facts || jsonb_build_object('limited', limited);
    END IF;
    INSERT INTO kamailio.call (facts, state) VALUES (hunt.facts, '{}') RETURNING id INTO hunt.id;
    IF why IS NOT NULL THEN
        hunt := kamailio.traced(hunt, jsonb_build_object('step', 'refused', 'why', why));
        PERFORM kamailio.saved(hunt);
        RETURN QUERY SELECT hunt.id, refused.action, refused.code, refused.reason, 0, '', '', '', '', '', 0, ''
            FROM kamailio.refused(why) AS refused;
        RETURN;
    END IF;
    IF callee.id IS NULL THEN
        hunt := kamailio.traced(hunt, jsonb_build_object('step', 'leaves', 'number', digits, 'seconds', 180, 'payer', caller.id));
        hunt.todo := jsonb_build_object('do', 'leave', 'seconds', 180, 'number', digits, 'payer', caller.id);
    ELSIF full_there THEN
        hunt := kamailio.silent(hunt, callee.id, turn, 'busy');
    ELSE
        hunt := kamailio.pushed(hunt, jsonb_build_object('f', 'line', 'line', callee.id, 'turn', turn));
    END IF;
    RETURN QUERY SELECT * FROM kamailio.acts(hunt, false);
END $$;

-- A call within another one arrives: only its id tells of it.
CREATE FUNCTION kamailio.begin_child(call_id text) RETURNS SETOF kamailio.action
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hunt kamailio.hunt := kamailio.loaded(call_id);
BEGIN
    IF hunt.id IS NULL OR NOT EXISTS (SELECT FROM kamailio.call WHERE id = call_id AND parent_id IS NOT NULL AND trace = '[]') THEN
        RETURN NEXT kamailio.refused('locked');
        RETURN;
    END IF;
    RETURN QUERY SELECT * FROM kamailio.acts(hunt, false);
END $$;

-- What the phones did: timeout, busy or unreachable. `elapsed`: seconds since the call began, when it is not as planned.
CREATE FUNCTION kamailio.next_action(call_id text, event text, elapsed integer DEFAULT NULL) RETURNS SETOF kamailio.action
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    hunt kamailio.hunt := kamailio.loaded(call_id);
    waiting jsonb;
BEGIN
    SELECT state->'waiting' INTO waiting FROM kamailio.call WHERE id = call_id;
    IF hunt.id IS NULL OR waiting->>'do' IS NULL THEN
        RETURN NEXT kamailio.refused('not-found');
        RETURN;
    END IF;
    IF elapsed IS NULL AND jsonb_array_length(coalesce(waiting->'children', '[]')) > 0 THEN
        elapsed := hunt.at + round(extract(epoch FROM clock_timestamp()) - (waiting->>'since')::numeric);
    END IF;
    RETURN QUERY SELECT * FROM kamailio.acts(kamailio.answered(hunt, waiting, event, elapsed), true);
END $$;
