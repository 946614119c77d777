use jiff::Timestamp;
use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{NewPassword, Privilege, Role, UserSummary};

use super::shown::{address, moment, once, roles, state};
use crate::{
    clock::page_clock,
    components::{
        Column, Empty, Field, FormError, Moment, PageHead, PostForm, Select, Table, load,
    },
    outcome::{entered, failure, success},
    pages::only,
    server_fns::users::{AddUser, list_users},
};

/// Everybody who may sign in or could once, and the form that adds somebody.
#[component]
pub(crate) fn UsersPage() -> impl IntoView {
    only(Privilege::ManageUsers, super::GUIDANCE, || {
        page().into_any()
    })
}

fn page() -> impl IntoView {
    let users = Resource::new_blocking(|| (), |()| list_users());
    view! {
        <PageHead title="Users"/>
        {success::<NewPassword>(AddUser::PATH).map(once)}
        {load(users, show)}
        <section aria-labelledby="add-title">
            <h2 id="add-title">"Add a user"</h2>
            {form()}
        </section>
    }
}

fn show(users: Vec<UserSummary>) -> AnyView {
    if users.is_empty() {
        return view! {
            <Empty title="There is no user">
                <p>"Add one below."</p>
            </Empty>
        }
        .into_any();
    }
    let now = page_clock().now_once();
    let rows = users.into_iter().map(|user| row(user, now)).collect_view();
    view! {
        <Table
            label="Users"
            columns=vec![
                Column::text("Name"),
                Column::text("Role"),
                Column::text("State"),
                Column::text("Last sign-in"),
                Column::text("Added"),
            ]
        >
            {rows}
        </Table>
        <p class="field-hint">
            "Nobody is deleted: the audit log and the runs name people, and keep meaning them. Disable who has left."
        </p>
    }
    .into_any()
}

fn row(user: UserSummary, now: Timestamp) -> impl IntoView {
    let (href, shown) = (address(&user.name), state(&user, now));
    view! {
        <tr>
            <td><a class="row-link" href=href>{user.name}</a></td>
            <td>{user.role.as_str()}</td>
            <td>{shown}</td>
            <td>{moment(user.last_sign_in_at)}</td>
            <td><Moment at=user.created_at/></td>
        </tr>
    }
}

fn form() -> impl IntoView {
    let failed = failure(AddUser::PATH);
    let broken = |field: &str| {
        let rule = failed.as_ref().and_then(|error| error.rule_for(field));
        rule.map(str::to_owned).unwrap_or_default()
    };
    let (about_name, about_role) = (broken("user name"), broken("role"));
    // After somebody was added it is empty again, for the next one.
    let (name, role) = match failed {
        Some(_) => (
            entered(AddUser::PATH, "name"),
            entered(AddUser::PATH, "role"),
        ),
        None => (String::new(), Role::Viewer.as_str().to_owned()),
    };
    view! {
        <div class="narrow">
            <FormError action=AddUser::PATH/>
            <PostForm action=AddUser::PATH class="form">
                <Field label="Name" name="name" value=name required=true error=about_name
                    hint="What they sign in with, and the name under which their runs appear in AWS CloudTrail. It stays."/>
                <Select label="Role" name="role" choices=roles() value=role error=about_role/>
                <p class="field-hint">"The console makes a password for their first sign-in and shows it to you once."</p>
                <div class="form-actions"><button class="button button-primary">"Add the user"</button></div>
            </PostForm>
        </div>
    }
}
