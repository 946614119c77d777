use axum::{
    Json,
    extract::{Extension, Path, State},
    http::StatusCode,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tidemark_app::ssr::Visitor;
use tidemark_domain::{NewPassword, Role, UserSummary};
use tidemark_services::users::{self, AddUser};
use utoipa::{
    ToSchema,
    openapi::{
        RefOr, Schema,
        schema::{ObjectBuilder, Type},
    },
};

use crate::http::{
    Problem, Web,
    extract::{Body, NoBody},
};

/// A local user.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct User {
    /// Login name; unique in any case.
    name: String,
    /// What they may do.
    #[schema(schema_with = role_schema)]
    role: Role,
    /// The password was made for them and must be changed at the next sign-in.
    must_change_password: bool,
    /// Too many wrong passwords: no sign-in before this, if it is to come.
    #[schema(value_type = Option<String>, format = DateTime)]
    locked_until: Option<Timestamp>,
    /// No sign-in since then.
    #[schema(value_type = Option<String>, format = DateTime)]
    disabled_at: Option<Timestamp>,
    /// The last time they signed in.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_sign_in_at: Option<Timestamp>,
    /// When they were added.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

impl From<UserSummary> for User {
    fn from(user: UserSummary) -> Self {
        Self {
            name: user.name,
            role: user.role,
            must_change_password: user.must_change_password,
            locked_until: user.locked_until,
            disabled_at: user.disabled_at,
            last_sign_in_at: user.last_sign_in_at,
            created_at: user.created_at,
        }
    }
}

fn role_schema() -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(Role::ALL.map(Role::as_str)))
        .into()
}

/// A user with the password that was just made for them: no other answer ever has it.
#[derive(Serialize, ToSchema)]
pub(crate) struct UserPassword {
    /// Whose it is.
    user: User,
    /// What they sign in with once, and must change then.
    password: String,
}

impl From<NewPassword> for UserPassword {
    fn from(new: NewPassword) -> Self {
        Self {
            user: new.user.into(),
            password: new.password.reveal().to_owned(),
        }
    }
}

/// Whom to add.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewUser {
    /// Login name: 2 to 64 characters of a to z, digits and _.@+-, a letter or a digit first.
    name: String,
    /// What they may do.
    #[schema(schema_with = role_schema)]
    role: String,
}

/// Another role.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct NewRole {
    /// What they may do from now on.
    #[schema(schema_with = role_schema)]
    role: String,
}

/// Every local user
#[utoipa::path(get, path = "/api/v1/users", tag = "users", responses(
    (status = 200, description = "Users by name", body = Vec<User>),
    (status = 401, description = "Not signed in", body = Problem),
    (status = 403, description = "The role does not allow it", body = Problem),
))]
pub(crate) async fn list(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Json<Vec<User>>, Problem> {
    let users = users::list(&web.services, &visitor.caller).await?;
    Ok(Json(users.into_iter().map(User::from).collect()))
}

/// Add a user
///
/// The answer has a password for the first sign-in. It is not to be had again.
#[utoipa::path(post, path = "/api/v1/users", tag = "users",
    request_body = NewUser,
    responses(
        (status = 201, description = "Added", body = UserPassword),
        (status = 400, description = "A value breaks a rule", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 409, description = "The name is taken", body = Problem),
    ))]
pub(crate) async fn add(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Body(user): Body<NewUser>,
) -> Result<(StatusCode, Json<UserPassword>), Problem> {
    let form = AddUser {
        role: user.role.parse()?,
        name: user.name,
    };
    let new = users::add(&web.services, &visitor.caller, &form).await?;
    Ok((StatusCode::CREATED, Json(new.into())))
}

/// One local user
#[utoipa::path(get, path = "/api/v1/users/{name}", tag = "users",
    params(("name" = String, Path, description = "Login name, in any case")),
    responses(
        (status = 200, description = "The user", body = User),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it", body = Problem),
        (status = 404, description = "Unknown", body = Problem),
    ))]
pub(crate) async fn show(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
) -> Result<Json<User>, Problem> {
    let user = users::get(&web.services, &visitor.caller, &name).await?;
    Ok(Json(user.into()))
}

/// Give a user another role
///
/// Every session of theirs ends.
#[utoipa::path(post, path = "/api/v1/users/{name}/role", tag = "users",
    params(("name" = String, Path, description = "Login name, in any case")),
    request_body = NewRole,
    responses(
        (status = 200, description = "The user as they are now", body = User),
        (status = 400, description = "There is no such role", body = Problem),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it, or it is the caller's own", body = Problem),
        (status = 404, description = "Unknown", body = Problem),
        (status = 409, description = "It is the last admin who is not disabled", body = Problem),
    ))]
pub(crate) async fn role(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    Body(wanted): Body<NewRole>,
) -> Result<Json<User>, Problem> {
    let role = wanted.role.parse()?;
    let user = users::change_role(&web.services, &visitor.caller, &name, role).await?;
    Ok(Json(user.into()))
}

/// Disable a user
///
/// They cannot sign in, and every session of theirs ends. Nobody is deleted: the audit log names people.
#[utoipa::path(post, path = "/api/v1/users/{name}/disable", tag = "users",
    params(("name" = String, Path, description = "Login name, in any case")),
    responses(
        (status = 200, description = "The user as they are now", body = User),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it, or it is the caller", body = Problem),
        (status = 404, description = "Unknown", body = Problem),
        (status = 409, description = "It is the last admin who is not disabled", body = Problem),
    ))]
pub(crate) async fn disable(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    _: NoBody,
) -> Result<Json<User>, Problem> {
    let user = users::disable(&web.services, &visitor.caller, &name).await?;
    Ok(Json(user.into()))
}

/// Enable a disabled user
#[utoipa::path(post, path = "/api/v1/users/{name}/enable", tag = "users",
    params(("name" = String, Path, description = "Login name, in any case")),
    responses(
        (status = 200, description = "The user as they are now", body = User),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it, or it is the caller", body = Problem),
        (status = 404, description = "Unknown", body = Problem),
    ))]
pub(crate) async fn enable(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    _: NoBody,
) -> Result<Json<User>, Problem> {
    let user = users::enable(&web.services, &visitor.caller, &name).await?;
    Ok(Json(user.into()))
}

/// Make a user a new password
///
/// The answer has it, and no other ever does. It must be changed at the next sign-in. Every session of theirs ends, and
/// wrong passwords are forgotten.
#[utoipa::path(post, path = "/api/v1/users/{name}/password", tag = "users",
    params(("name" = String, Path, description = "Login name, in any case")),
    responses(
        (status = 200, description = "The user and the password", body = UserPassword),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it, or it is the caller", body = Problem),
        (status = 404, description = "Unknown", body = Problem),
    ))]
pub(crate) async fn password(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    _: NoBody,
) -> Result<Json<UserPassword>, Problem> {
    let new = users::reset_password(&web.services, &visitor.caller, &name).await?;
    Ok(Json(new.into()))
}

/// Forget a user's wrong passwords
///
/// Who was locked out can sign in before the pause is over.
#[utoipa::path(post, path = "/api/v1/users/{name}/unlock", tag = "users",
    params(("name" = String, Path, description = "Login name, in any case")),
    responses(
        (status = 200, description = "The user as they are now", body = User),
        (status = 401, description = "Not signed in", body = Problem),
        (status = 403, description = "The role does not allow it, or it is the caller", body = Problem),
        (status = 404, description = "Unknown", body = Problem),
    ))]
pub(crate) async fn unlock(
    State(web): State<Web>,
    Extension(visitor): Extension<Visitor>,
    Path(name): Path<String>,
    _: NoBody,
) -> Result<Json<User>, Problem> {
    let user = users::unlock(&web.services, &visitor.caller, &name).await?;
    Ok(Json(user.into()))
}
