use tidemark_domain::Role;
use uuid::Uuid;

/// Who asks for a use case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The local user; none for the command line, which holds the database itself.
    pub user_id: Option<Uuid>,
    /// Login name.
    pub name: String,
    /// Role.
    pub role: Role,
    /// From where: `page`, `api` or `cli`, and the peer's address where one is known.
    pub origin: String,
}
