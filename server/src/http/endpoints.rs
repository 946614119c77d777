//! The one table of everything that answers, and who may use it.
//!
//! The gate reads it; the tests fail when something is registered that is not in it, and try each
//! entry as nobody and as every role.

use axum::http::Method;
use tidemark_domain::Privilege;

/// Who may use an endpoint at all. How far it reaches for them is settled in its use case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone, signed in or not.
    Public,
    /// Anyone signed in, also with a first password that must be changed.
    OwnPassword,
    /// Anyone signed in.
    SignedIn,
    /// Whoever has this privilege.
    Needs(Privilege),
}

/// What kind of endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A page.
    Page,
    /// A server function.
    ServerFunction,
    /// A path of the JSON API.
    Api,
    /// An event stream.
    Stream,
    /// What a page tells of itself.
    Report,
}

/// One endpoint.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Kind.
    pub kind: Kind,
    /// Method.
    pub method: Method,
    /// The route's pattern.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
}

const fn endpoint(kind: Kind, method: Method, path: &'static str, access: Access) -> Endpoint {
    Endpoint {
        kind,
        method,
        path,
        access,
    }
}

const fn page(path: &'static str, access: Access) -> Endpoint {
    endpoint(Kind::Page, Method::GET, path, access)
}

const fn function(path: &'static str, access: Access) -> Endpoint {
    endpoint(Kind::ServerFunction, Method::POST, path, access)
}

const fn read(path: &'static str, access: Access) -> Endpoint {
    endpoint(Kind::Api, Method::GET, path, access)
}

const fn write(path: &'static str, access: Access) -> Endpoint {
    endpoint(Kind::Api, Method::POST, path, access)
}

const CATALOGUE: Access = Access::Needs(Privilege::ReadCatalogue);
const VAULTS: Access = Access::Needs(Privilege::ReadVaults);
const MANAGE_VAULTS: Access = Access::Needs(Privilege::ManageVaults);
const PROTECT_VAULTS: Access = Access::Needs(Privilege::ProtectVaults);
const BUCKETS: Access = Access::Needs(Privilege::ReadBuckets);
const MANAGE_BUCKETS: Access = Access::Needs(Privilege::ManageBuckets);
const POINTS: Access = Access::Needs(Privilege::ManagePoints);
const RUNS: Access = Access::Needs(Privilege::ReadRuns);
const RESTORE: Access = Access::Needs(Privilege::Restore);
const BACKUP: Access = Access::Needs(Privilege::Backup);
const ACCOUNTS: Access = Access::Needs(Privilege::ManageAccounts);
const AUDIT: Access = Access::Needs(Privilege::ReadAudit);
const CONTROL: Access = Access::Needs(Privilege::ControlRuns);
const PLANS: Access = Access::Needs(Privilege::ReadPlans);
const MANAGE_PLANS: Access = Access::Needs(Privilege::ManagePlans);
const MANAGE_CONTROLS: Access = Access::Needs(Privilege::ManageControls);
const POLICIES: Access = Access::Needs(Privilege::ManagePolicies);
const RECORDS: Access = Access::Needs(Privilege::ReadRecords);
const MANAGE_RECORDS: Access = Access::Needs(Privilege::ManageRecords);
/// An undo writes into the live table, which owners may not.
const UNDO: Access = MANAGE_RECORDS;
const USERS: Access = Access::Needs(Privilege::ManageUsers);
const PERMISSIONS: Access = Access::Needs(Privilege::ReadPermissions);
const REFRESH: Access = Access::Needs(Privilege::Refresh);

const SIGN_IN: &str = "/api/session/sign_in";

/// Every page, server function, API path and stream.
pub static ENDPOINTS: &[Endpoint] = &[
    page("/sign-in", Access::Public),
    page("/password", Access::OwnPassword),
    page("/", CATALOGUE),
    page("/accounts", CATALOGUE),
    page("/accounts/new", ACCOUNTS),
    page("/accounts/enrol", ACCOUNTS),
    page("/accounts/permissions", PERMISSIONS),
    page("/accounts/{account}", CATALOGUE),
    page("/resources", CATALOGUE),
    page("/resources/view", CATALOGUE),
    page("/timeline", CATALOGUE),
    page("/jobs", CATALOGUE),
    page("/vaults", VAULTS),
    page("/vaults/view", VAULTS),
    page("/vaults/change", MANAGE_VAULTS),
    page("/holds", VAULTS),
    page("/holds/change", PROTECT_VAULTS),
    page("/buckets", BUCKETS),
    page("/buckets/one", BUCKETS),
    page("/buckets/fix", MANAGE_BUCKETS),
    page("/buckets/browse", BUCKETS),
    page("/buckets/blocks", BUCKETS),
    page("/buckets/copy", MANAGE_BUCKETS),
    page("/points", CATALOGUE),
    page("/points/view", CATALOGUE),
    page("/points/change", POINTS),
    page("/points/copy", POINTS),
    page("/records", CATALOGUE),
    page("/records/view", CATALOGUE),
    page("/records/setup", MANAGE_RECORDS),
    page("/records/record", RECORDS),
    page("/records/compare", RECORDS),
    page("/records/undo", RESTORE),
    page("/buckets/access", POLICIES),
    page("/backup", BACKUP),
    page("/plans", PLANS),
    page("/plans/view", PLANS),
    page("/plans/edit", MANAGE_PLANS),
    page("/plans/import", MANAGE_PLANS),
    page("/plans/export", PLANS),
    page("/plans/future", PLANS),
    page("/plans/delete", MANAGE_PLANS),
    page("/plans/run", MANAGE_PLANS),
    page("/plans/rollout", MANAGE_PLANS),
    page("/sets", PLANS),
    page("/sets/new", MANAGE_PLANS),
    page("/sets/one", PLANS),
    page("/sets/restore", RESTORE),
    page("/restore", RESTORE),
    page("/runs", RUNS),
    page("/runs/{id}", RUNS),
    page("/coverage", CATALOGUE),
    page("/coverage/controls", CATALOGUE),
    page("/cost", CATALOGUE),
    page("/audit", AUDIT),
    page("/users", USERS),
    page("/users/view", USERS),
    page("/styleguide", Access::SignedIn),
    endpoint(Kind::Stream, Method::GET, "/runs/{id}/events", RUNS),
    endpoint(
        Kind::Report,
        Method::POST,
        "/browser/panics",
        Access::OwnPassword,
    ),
    function(SIGN_IN, Access::Public),
    function("/api/session/set_theme", Access::Public),
    function("/api/session/sign_out", Access::OwnPassword),
    function("/api/session/change_password", Access::OwnPassword),
    function("/api/overview/get", CATALOGUE),
    function("/api/accounts/list", CATALOGUE),
    function("/api/accounts/get", CATALOGUE),
    function("/api/accounts/add", ACCOUNTS),
    function("/api/accounts/check", ACCOUNTS),
    function("/api/accounts/remove", ACCOUNTS),
    function("/api/accounts/template", ACCOUNTS),
    function("/api/accounts/refresh", REFRESH),
    function("/api/accounts/permissions", PERMISSIONS),
    function("/api/accounts/permissions_of", PERMISSIONS),
    function("/api/accounts/refresh_permissions", REFRESH),
    function("/api/accounts/plan_enrolment", ACCOUNTS),
    function("/api/accounts/enrol", ACCOUNTS),
    function("/api/accounts/rotate", ACCOUNTS),
    function("/api/accounts/leaving", ACCOUNTS),
    function("/api/resources/list", CATALOGUE),
    function("/api/resources/get", CATALOGUE),
    function("/api/resources/refresh", REFRESH),
    function("/api/points/list", CATALOGUE),
    function("/api/points/get", CATALOGUE),
    function("/api/points/jobs", CATALOGUE),
    function("/api/timeline/get", CATALOGUE),
    read("/timeline/export.csv", CATALOGUE),
    read("/timeline/export.svg", CATALOGUE),
    function("/api/points/search", CATALOGUE),
    function("/api/points/detail", CATALOGUE),
    function("/api/points/plan_change", POINTS),
    function("/api/points/change", POINTS),
    function("/api/points/plan_copy", POINTS),
    function("/api/points/copy", POINTS),
    function("/api/jobs/list", CATALOGUE),
    function("/api/jobs/causes", CATALOGUE),
    function("/api/policies/show", POLICIES),
    function("/api/policies/roles", POLICIES),
    function("/api/policies/plan", POLICIES),
    function("/api/policies/check", POLICIES),
    function("/api/policies/change", POLICIES),
    function("/api/vaults/list", VAULTS),
    function("/api/vaults/get", VAULTS),
    function("/api/vaults/plan", MANAGE_VAULTS),
    function("/api/vaults/change", MANAGE_VAULTS),
    function("/api/holds/list", VAULTS),
    function("/api/holds/plan", PROTECT_VAULTS),
    function("/api/holds/change", PROTECT_VAULTS),
    function("/api/buckets/list", BUCKETS),
    function("/api/buckets/show", BUCKETS),
    function("/api/buckets/plan", MANAGE_BUCKETS),
    function("/api/buckets/fix", MANAGE_BUCKETS),
    function("/api/buckets/browse", BUCKETS),
    function("/api/buckets/blocks", BUCKETS),
    function("/api/buckets/plan_copy", MANAGE_BUCKETS),
    function("/api/buckets/copy", MANAGE_BUCKETS),
    function("/api/records/list", CATALOGUE),
    function("/api/records/get", CATALOGUE),
    function("/api/records/of_table", CATALOGUE),
    function("/api/records/proof", RECORDS),
    function("/api/records/history", RECORDS),
    function("/api/records/search", RECORDS),
    function("/api/records/compare", RECORDS),
    function("/api/records/plan_undo", UNDO),
    function("/api/records/get_undo", UNDO),
    function("/api/records/start_undo", UNDO),
    function("/api/records/mode", MANAGE_RECORDS),
    function("/api/records/prove", MANAGE_RECORDS),
    function("/api/records/forget", MANAGE_RECORDS),
    function("/api/records/setup_prefill", MANAGE_RECORDS),
    function("/api/records/setup_preview", MANAGE_RECORDS),
    function("/api/records/setup_start", MANAGE_RECORDS),
    read("/records/record.json", RECORDS),
    function("/api/backup/prefill", BACKUP),
    function("/api/backup/start", BACKUP),
    function("/api/plans/list", PLANS),
    function("/api/plans/get", PLANS),
    function("/api/plans/versions", PLANS),
    function("/api/plans/dry_run", PLANS),
    function("/api/plans/dry_run_list", PLANS),
    function("/api/plans/context", MANAGE_PLANS),
    function("/api/plans/edit", Access::SignedIn),
    function("/api/plans/import", MANAGE_PLANS),
    function("/api/plans/export", PLANS),
    function("/api/plans/future", PLANS),
    function("/api/plans/check", MANAGE_PLANS),
    function("/api/plans/change", MANAGE_PLANS),
    function("/api/plans/apply", MANAGE_PLANS),
    function("/api/plans/deletion", MANAGE_PLANS),
    function("/api/plans/delete", MANAGE_PLANS),
    function("/api/plans/rule_run", MANAGE_PLANS),
    function("/api/plans/run_now", MANAGE_PLANS),
    function("/api/plans/rollout", MANAGE_PLANS),
    function("/api/plans/start_rollout", MANAGE_PLANS),
    function("/api/sets/list", PLANS),
    function("/api/sets/get", PLANS),
    function("/api/sets/recovery", PLANS),
    function("/api/sets/put", MANAGE_PLANS),
    function("/api/sets/back_up", MANAGE_PLANS),
    function("/api/sets/plan_restore", RESTORE),
    function("/api/sets/restore", RESTORE),
    function("/api/restore/prefill", RESTORE),
    function("/api/restore/plan", RESTORE),
    function("/api/restore/start", RESTORE),
    function("/api/runs/list", RUNS),
    function("/api/runs/get", RUNS),
    function("/api/runs/items", RUNS),
    function("/api/runs/cancel", CONTROL),
    function("/api/runs/retry", CONTROL),
    function("/api/coverage/report", CATALOGUE),
    function("/api/coverage/controls", CATALOGUE),
    function("/api/coverage/changes", CATALOGUE),
    function("/api/coverage/put", MANAGE_CONTROLS),
    function("/api/coverage/remove", MANAGE_CONTROLS),
    function("/api/cost/report", CATALOGUE),
    function("/api/audit/list", AUDIT),
    function("/api/audit/verify", AUDIT),
    function("/api/users/list", USERS),
    function("/api/users/get", USERS),
    function("/api/users/add", USERS),
    function("/api/users/change_role", USERS),
    function("/api/users/disable", USERS),
    function("/api/users/enable", USERS),
    function("/api/users/reset_password", USERS),
    function("/api/users/unlock", USERS),
    read("/api/openapi.json", Access::SignedIn),
    read("/api/v1/overview", CATALOGUE),
    read("/api/v1/accounts", CATALOGUE),
    read("/api/v1/accounts/{account}", CATALOGUE),
    read("/api/v1/accounts/permissions", PERMISSIONS),
    read("/api/v1/accounts/{account}/permissions", PERMISSIONS),
    write("/api/v1/accounts/{account}/permissions", REFRESH),
    write("/api/v1/accounts/template", ACCOUNTS),
    write("/api/v1/accounts/enrolment/plan", ACCOUNTS),
    write("/api/v1/accounts/enrolment", ACCOUNTS),
    write("/api/v1/accounts/{account}/rotate", ACCOUNTS),
    read("/api/v1/resources", CATALOGUE),
    read("/api/v1/resource", CATALOGUE),
    read("/api/v1/points", CATALOGUE),
    read("/api/v1/plans", PLANS),
    read("/api/v1/plan", PLANS),
    read("/api/v1/plan/versions", PLANS),
    read("/api/v1/plan/export", PLANS),
    read("/api/v1/plan/future", PLANS),
    write("/api/v1/plans/change", MANAGE_PLANS),
    write("/api/v1/plans", MANAGE_PLANS),
    write("/api/v1/plans/deletion", MANAGE_PLANS),
    write("/api/v1/plans/delete", MANAGE_PLANS),
    write("/api/v1/plans/run", MANAGE_PLANS),
    write("/api/v1/rollouts/plan", MANAGE_PLANS),
    write("/api/v1/rollouts", MANAGE_PLANS),
    read("/api/v1/sets", PLANS),
    read("/api/v1/set", PLANS),
    read("/api/v1/set/recovery", PLANS),
    write("/api/v1/sets/check", PLANS),
    write("/api/v1/sets", MANAGE_PLANS),
    write("/api/v1/sets/backup", MANAGE_PLANS),
    write("/api/v1/sets/restore/plan", RESTORE),
    write("/api/v1/sets/restore", RESTORE),
    read("/api/v1/coverage", CATALOGUE),
    read("/api/v1/coverage.csv", CATALOGUE),
    read("/api/v1/cost", CATALOGUE),
    read("/api/v1/point", CATALOGUE),
    write("/api/v1/points/plan", POINTS),
    write("/api/v1/points/changes", POINTS),
    write("/api/v1/points/copies/plan", POINTS),
    write("/api/v1/points/copies", POINTS),
    read("/api/v1/jobs", CATALOGUE),
    read("/api/v1/jobs/causes", CATALOGUE),
    read("/api/v1/bucket/policy", POLICIES),
    write("/api/v1/bucket/policy/changes", POLICIES),
    write("/api/v1/bucket/policy/plan", POLICIES),
    write("/api/v1/bucket/policy/check", POLICIES),
    read("/api/v1/stack-roles", POLICIES),
    read("/api/v1/vaults", VAULTS),
    read("/api/v1/vault", VAULTS),
    write("/api/v1/vaults/plan", MANAGE_VAULTS),
    write("/api/v1/vaults/changes", MANAGE_VAULTS),
    read("/api/v1/holds", VAULTS),
    write("/api/v1/holds/plan", PROTECT_VAULTS),
    write("/api/v1/holds/changes", PROTECT_VAULTS),
    read("/api/v1/buckets", BUCKETS),
    read("/api/v1/bucket", BUCKETS),
    write("/api/v1/buckets/plan", MANAGE_BUCKETS),
    write("/api/v1/buckets/changes", MANAGE_BUCKETS),
    read("/api/v1/bucket/objects", BUCKETS),
    read("/api/v1/bucket/blocks", BUCKETS),
    write("/api/v1/buckets/copies/plan", MANAGE_BUCKETS),
    write("/api/v1/buckets/copies", MANAGE_BUCKETS),
    write("/api/v1/restores/plan", RESTORE),
    write("/api/v1/restores", RESTORE),
    write("/api/v1/backups", BACKUP),
    read("/api/v1/records", CATALOGUE),
    read("/api/v1/records/{id}", CATALOGUE),
    write("/api/v1/records/setup/preview", MANAGE_RECORDS),
    write("/api/v1/records/setup", MANAGE_RECORDS),
    write("/api/v1/records/{id}/proof", MANAGE_RECORDS),
    write("/api/v1/records/{id}/mode", MANAGE_RECORDS),
    write("/api/v1/records/{id}/forget", MANAGE_RECORDS),
    read("/api/v1/runs", RUNS),
    read("/api/v1/runs/{id}", RUNS),
    read("/api/v1/runs/{id}/events", RUNS),
    read("/api/v1/runs/{id}/items", RUNS),
    write("/api/v1/runs/{id}/cancel", CONTROL),
    read("/api/v1/users", USERS),
    write("/api/v1/users", USERS),
    read("/api/v1/users/{name}", USERS),
    write("/api/v1/users/{name}/role", USERS),
    write("/api/v1/users/{name}/disable", USERS),
    write("/api/v1/users/{name}/enable", USERS),
    write("/api/v1/users/{name}/password", USERS),
    write("/api/v1/users/{name}/unlock", USERS),
];

/// Who may use what answers this method at this route. What the table does not name is for people
/// who are signed in.
pub fn access(method: &Method, route: &str) -> Access {
    let method = if *method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    ENDPOINTS
        .iter()
        .find(|endpoint| endpoint.method == *method && endpoint.path == route)
        .map_or(Access::SignedIn, |endpoint| endpoint.access)
}

/// Whether the path is one of a server function, known or not.
pub(super) fn is_server_function(path: &str) -> bool {
    path.starts_with("/api/") && !path.starts_with("/api/v1/") && path != super::api::DESCRIPTION
}

/// Whether a post to this path tries to sign in.
pub(super) fn is_sign_in(path: &str) -> bool {
    path == SIGN_IN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_unknown_needs_a_session() {
        assert_eq!(access(&Method::GET, "/nowhere"), Access::SignedIn);
        assert_eq!(access(&Method::POST, "/api/new/thing"), Access::SignedIn);
        assert_eq!(access(&Method::POST, SIGN_IN), Access::Public);
        assert_eq!(access(&Method::GET, SIGN_IN), Access::SignedIn);
        assert_eq!(access(&Method::HEAD, "/sign-in"), Access::Public);
    }

    #[test]
    fn no_endpoint_is_named_twice() {
        for (i, one) in ENDPOINTS.iter().enumerate() {
            for other in &ENDPOINTS[i + 1..] {
                assert!(
                    one.path != other.path || one.method != other.method,
                    "{}",
                    one.path
                );
            }
        }
    }
}
