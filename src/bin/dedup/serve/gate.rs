//! From a request to whether it may pass: host, site, token, rate, time; and from its answer to
//! headers, figures and a line in the log.

use super::desk::{Client, Desk};
use super::listener::Peer;
use super::problem::Problem;
use super::routes;
use super::tokens::Right;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use std::io::Write;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

/// Nothing runs, loads or frames but what this server serves itself; no script or style inline.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
                      trusted-types 'none'";

const HEADERS: [(HeaderName, &str); 6] = [
    (header::CONTENT_SECURITY_POLICY, POLICY),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
];

/// Around every request.
pub(super) async fn pass(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(Peer(peer)): ConnectInfo<Peer>,
    request: Request,
    next: Next,
) -> Response {
    let began = Instant::now();
    // The pattern, not the path: a path may hold the id of a story.
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str).to_owned();
    let method = request.method().clone();
    let mut response = match admitted(&desk, peer.ip(), &route, &request) {
        Err(problem) => problem.into_response(),
        Ok(()) => match tokio::time::timeout(desk.time_limit, next.run(request)).await {
            Ok(response) => response,
            Err(_) => Problem::busy("the request took too long and was given up").into_response(),
        },
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    let (took, status) = (began.elapsed(), response.status().as_u16());
    desk.metrics.count(&route, method.as_str(), status, took);
    if desk.logs {
        let (now, address) = (Timestamp::now(), peer.ip());
        let ms = took.as_secs_f64() * 1e3;
        // If that cannot be written there is nobody to tell.
        let _ = writeln!(std::io::stderr().lock(), "{now:.0} {address} {method} {route} {status} {ms:.1} ms");
    }
    response
}

/// Whether the request may pass.
fn admitted(desk: &Desk, address: IpAddr, route: &str, request: &Request) -> Result<(), Problem> {
    let headers = request.headers();
    let guarded = desk.tokens.guard_reading(desk.on_loopback);
    if !guarded && !is_local(headers) {
        // A page elsewhere could have its own name point here, and read all.
        return Err(Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "expected localhost or 127.0.0.1 as host, found another; a server without a read token answers to no other name",
        ));
    }
    let bearer = bearer(headers);
    let holder = bearer.as_ref().ok().copied().flatten().and_then(|token| desk.tokens.right(token));
    let client = holder.map_or(Client::Address(address), |(_, place)| Client::Token(place));
    if !desk.rate.allows(client, Instant::now()) {
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too many requests; slow down"));
    }
    let needed = routes::needed(request.method(), route);
    if needed == Right::Nothing {
        return Ok(());
    }
    same_site(request.method(), headers)?;
    if bearer?.is_some() && holder.is_none() {
        return Err(Problem::new(StatusCode::UNAUTHORIZED, "this token is not known"));
    }
    let right = holder.map_or(if guarded { Right::Nothing } else { Right::Read }, |(right, _)| right);
    match () {
        () if right >= needed => Ok(()),
        () if needed == Right::Write && !desk.tokens.let_write() => Err(Problem::new(
            StatusCode::FORBIDDEN,
            "this server takes no stories; start it with --write-token",
        )),
        () if holder.is_some() => {
            Err(Problem::new(StatusCode::FORBIDDEN, "this token may read only; writing needs a write token"))
        }
        () => {
            let kind = if needed == Right::Write { "write" } else { "read" };
            Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                format!("a {kind} token is needed: Authorization: Bearer TOKEN"),
            ))
        }
    }
}

/// The token of the request, if it has one.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    let Some(value) = headers.get(header::AUTHORIZATION) else { return Ok(None) };
    let parts = value.to_str().ok().and_then(|value| value.split_once(' '));
    match parts {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(Some(token.trim())),
        _ => Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "expected Authorization: Bearer TOKEN, found another form",
        )),
    }
}

fn host(headers: &HeaderMap) -> &str {
    headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default()
}

/// Whether the host that was asked for is this machine by a name that nobody else can have.
fn is_local(headers: &HeaderMap) -> bool {
    let host = host(headers);
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost")
        || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// By which a browser says whose page sends a request.
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what another site makes a browser send.
fn same_site(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    let text = |name: &HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    let refused =
        || Err(Problem::new(StatusCode::FORBIDDEN, "another site sent this request; it is refused"));
    if text(&FETCH_SITE).is_some_and(|site| site != "same-origin" && site != "none") {
        return refused();
    }
    if method == Method::GET || method == Method::HEAD {
        return Ok(());
    }
    match text(&header::ORIGIN) {
        Some(origin) => {
            let name = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
            if name.is_some_and(|name| name.eq_ignore_ascii_case(host(headers))) { Ok(()) } else { refused() }
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        pairs
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn only_names_of_this_machine_are_local() {
        for host in ["localhost", "LOCALHOST:7700", "127.0.0.1:7700", "127.0.0.2", "[::1]:7700"] {
            assert!(is_local(&headers(&[("host", host)])), "{host}");
        }
        for host in
            ["", "desk.example", "localhost.evil.example:7700", "127.0.0.1.evil.example", "192.168.0.2:7700"]
        {
            assert!(!is_local(&headers(&[("host", host)])), "{host}");
        }
    }

    #[test]
    fn other_sites_are_refused() {
        let passes = |method, pairs: &[_]| same_site(&method, &headers(pairs)).is_ok();
        assert!(passes(Method::POST, &[("host", "localhost:1")]), "no browser");
        assert!(passes(Method::POST, &[("host", "localhost:1"), ("origin", "http://localhost:1")]));
        assert!(!passes(Method::POST, &[("host", "localhost:1"), ("origin", "http://localhost:2")]));
        assert!(!passes(Method::POST, &[("host", "localhost:1"), ("origin", "null")]));
        assert!(!passes(Method::POST, &[("sec-fetch-site", "cross-site")]));
        assert!(!passes(Method::GET, &[("sec-fetch-site", "same-site")]));
        assert!(passes(Method::GET, &[("sec-fetch-site", "none")]));
    }

    #[test]
    fn another_scheme_is_no_token() {
        assert_eq!(bearer(&headers(&[])).unwrap(), None);
        assert_eq!(bearer(&headers(&[("authorization", "bearer abc")])).unwrap(), Some("abc"));
        assert!(bearer(&headers(&[("authorization", "Basic abc")])).is_err());
    }
}
