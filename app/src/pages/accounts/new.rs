use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::Privilege;

use crate::{
    components::{Copyable, Crumb, Disclosure, Field, FormError, Notice, PageHead, PostForm, Tone},
    outcome::{entered, failure, success},
    pages::only,
    server_fns::accounts::{AddAccount, AddedAccount, CheckAccount},
};

/// Registers an account, then shows what goes into it: once.
#[component]
pub(crate) fn NewAccountPage() -> impl IntoView {
    only(
        Privilege::ManageAccounts,
        "Ask an administrator to add the account.",
        || page().into_any(),
    )
}

fn page() -> impl IntoView {
    let added = success::<AddedAccount>(AddAccount::PATH);
    view! {
        <PageHead title="Add an account" crumbs=vec![Crumb::new("Accounts", "/accounts")]/>
        {match added {
            Some(added) => show_once(added).into_any(),
            None => form().into_any(),
        }}
    }
}

fn form() -> impl IntoView {
    let rule = |field: &str| {
        failure(AddAccount::PATH)
            .and_then(|error| error.rule_for(field).map(str::to_owned))
            .unwrap_or_default()
    };
    let value = |field: &str| entered(AddAccount::PATH, field);
    view! {
        <div class="narrow">
            <p>
                "The console enters an account by a role there. It makes up an external id for this account, "
                "and a template that creates the role and names the id. Nothing in AWS changes until you apply the template."
            </p>
            <FormError action=AddAccount::PATH/>
            <PostForm action=AddAccount::PATH class="form">
                <Field label="Account id" name="account" value=value("account") required=true
                    hint="12 digits. A leading 0 counts." error=rule("account id")/>
                <Field label="Alias" name="alias" value=value("alias") required=true
                    hint="What people call it: orders-prod." error=rule("alias")/>
                <Field label="Regions" name="regions" value=value("regions") required=true
                    hint="Those that are read, separated by commas: eu-west-1, eu-central-1."
                    error=rule("Regions")/>
                <Field label="Role ARN" name="role" value=value("role")
                    hint="Leave it empty for the role of the template." error=rule("role ARN")/>
                <Field label="Features" name="features" value=value("features")
                    hint="What the role is made for beside reading: all, none, or some of backup, restore-table, restore-point, restore-records, put-back, points, copy-points, plans, records, buckets, copy-objects, dumps. Empty is all."
                    error=rule("features")/>
                <div class="form-actions">
                    <button class="button button-primary">"Add the account"</button>
                    <a class="button" href="/accounts">"Cancel"</a>
                </div>
            </PostForm>
        </div>
    }
}

fn show_once(added: AddedAccount) -> impl IntoView {
    let connection = added.account.connection;
    let id = connection.account.to_string();
    view! {
        <div class="prose">
            <Notice tone=Tone::Warn title="Copy the external id now">
                <p>"It is shown this one time. Who has it and the console's credentials can enter the account."</p>
                <p><Copyable text=connection.external_id.as_str() label="external id"/></p>
            </Notice>
            <ol class="guide">
                <li>
                    <p>
                        "In account " <strong>{added.account.alias}</strong> " (" {id.clone()} "), create a "
                        "CloudFormation stack from this template. It makes the role "
                        <code>{connection.role.name().to_owned()}</code>
                        " and a second one, by which the console can tell why the first does not let it in."
                    </p>
                    <Disclosure summary="Template (JSON)">
                        <Copyable text=added.template label="template" block=true/>
                    </Disclosure>
                </li>
                <li>
                    <p>"Test the connection. Each link is tried, and one that is broken is named with its fix."</p>
                    <p><a class="button button-primary" href=format!("/accounts/{id}")>"Open the account and check"</a></p>
                </li>
            </ol>
        </div>
    }
}

/// The form that checks an account, for its page.
pub(super) fn check_form(id: String) -> impl IntoView {
    view! {
        <PostForm action=CheckAccount::PATH>
            <input type="hidden" name="account" value=id/>
            <button class="button">"Test connection"</button>
        </PostForm>
    }
}
