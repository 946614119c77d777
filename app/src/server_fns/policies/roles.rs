use leptos::prelude::*;
use tidemark_domain::policy::StackRoles;

use crate::{error::AppError, wire::Json};

/// Roles that stacks of an account made, as the page's address asks for them.
#[server(endpoint = "policies/roles", input = Json, output = Json)]
pub async fn find_roles(
    /// The page's query string.
    query: String,
) -> Result<StackRoles, AppError> {
    use tidemark_domain::{AccountId, Region};
    use tidemark_services::policies::{StackQuery, roles};

    use crate::ssr;
    let (console, caller) = ssr::console_and_caller()?;
    let asked = super::AccessQuery::parse(&query);
    // What nobody knows is refused here as well.
    ssr::parse(asked.bucket())?;
    let query = StackQuery {
        account: ssr::parse(AccountId::parse(asked.value("from_account")))?,
        region: ssr::parse(Region::parse(asked.value("from_region")))?,
        stack: asked.value("stack").to_owned(),
        text: asked.value("text").to_owned(),
    };
    Ok(roles(&console.services, &caller, &query).await?)
}
