use leptos::{prelude::*, server_fn::ServerFn};
use tidemark_domain::{
    Privilege,
    enrol::{EnrolPlan, Enrolled, EnrolledAccount, PlannedAccount, WrongLine},
};

use super::templates::{all_template, template_form};
use crate::{
    components::{
        AccountLabel, Badge, Column, Copyable, Crumb, FormError, Notice, PageHead, PostForm, Table,
        TextArea, Tone,
    },
    format::counted,
    outcome::{entered, success},
    pages::only,
    server_fns::accounts::{Enrol, PlanEnrolment},
};

/// Registers many accounts at once: the file, what it would do, what became of each.
#[component]
pub(crate) fn EnrolPage() -> impl IntoView {
    only(
        Privilege::ManageAccounts,
        "Ask an administrator to add the accounts.",
        || page().into_any(),
    )
}

fn page() -> impl IntoView {
    let body = if let Some(done) = success::<Enrolled>(Enrol::PATH) {
        show_done(done).into_any()
    } else if let Some(template) = all_template() {
        template.into_any()
    } else {
        let plan = success::<EnrolPlan>(PlanEnrolment::PATH);
        view! {
            <FormError action=Enrol::PATH/>
            {plan.map(show_plan)}
            {form()}
        }
        .into_any()
    };
    view! {
        <PageHead title="Add many accounts" crumbs=vec![Crumb::new("Accounts", "/accounts")]/>
        {body}
    }
}

const EXAMPLE: &str = "account,alias,regions,features
111122223333,orders-prod,eu-west-1;eu-central-1,
222233334444,orders-test,eu-west-1,backup;restore-table";

fn form() -> impl IntoView {
    let file = match entered(PlanEnrolment::PATH, "file") {
        none if none.is_empty() => entered(Enrol::PATH, "file"),
        file => file,
    };
    view! {
        <div class="narrow">
            <p>
                "One line for each account. The first line names the columns: "
                <code>"account"</code> ", " <code>"alias"</code> " and " <code>"regions"</code>
                ", and where you want them " <code>"role"</code> " and " <code>"features"</code>
                ". Several Regions or features stand in one field, apart by semicolons. Nothing in AWS changes."
            </p>
            <Copyable text=EXAMPLE label="example" block=true/>
            <FormError action=PlanEnrolment::PATH/>
            <PostForm action=PlanEnrolment::PATH class="form">
                <TextArea label="Accounts, comma-separated" name="file" value=file rows=12
                    hint="Up to 1,000 lines."/>
                <div class="form-actions">
                    <button class="button button-primary">"Show what this would do"</button>
                    <a class="button" href="/accounts">"Cancel"</a>
                </div>
            </PostForm>
        </div>
    }
}

fn show_plan(plan: EnrolPlan) -> impl IntoView {
    let file = entered(PlanEnrolment::PATH, "file");
    let count = counted(plan.accounts.len() as u64, "account", "accounts");
    let (has_wrong, has_right) = (!plan.wrong.is_empty(), !plan.accounts.is_empty());
    let wrong = has_wrong.then(|| wrong_table(plan.wrong));
    let rows = plan.accounts.into_iter().map(planned).collect_view();
    let right = has_right.then(|| {
        view! {
            <Table
                label="Accounts that would be registered"
                columns=vec![
                    Column::number("Line"),
                    Column::text("Account"),
                    Column::text("Regions"),
                    Column::text("Role"),
                    Column::text("Made for"),
                ]
            >
                {rows}
            </Table>
        }
    });
    let button = if has_wrong {
        format!("Leave out what is wrong and register {count}")
    } else {
        format!("Register {count}")
    };
    let register = has_right.then(|| {
        view! {
            <PostForm action=Enrol::PATH class="form">
                <input type="hidden" name="file" value=file/>
                <input type="hidden" name="digest" value=plan.digest/>
                {has_wrong.then(|| view! { <input type="hidden" name="skip_wrong" value="yes"/> })}
                <div class="form-actions"><button class="button button-primary">{button}</button></div>
            </PostForm>
        }
    });
    view! {
        <section aria-labelledby="plan-title">
            <h2 id="plan-title">"What this would do"</h2>
            {wrong}
            {right}
            {register}
        </section>
    }
}

fn wrong_table(wrong: Vec<WrongLine>) -> impl IntoView {
    let title = match wrong.len() {
        1 => "One thing is wrong: nothing is registered before it is fixed".to_owned(),
        many => format!("{many} things are wrong: nothing is registered before they are fixed"),
    };
    let rows = wrong
        .into_iter()
        .map(|one| {
            let place = one.place();
            view! { <tr><td>{place}</td><td class="cell-wide">{one.rule}</td></tr> }
        })
        .collect_view();
    view! {
        <Notice tone=Tone::Bad title=title>
            <Table label="What is wrong" columns=vec![Column::text("Where"), Column::text("Rule")]>{rows}</Table>
        </Notice>
    }
}

fn planned(one: PlannedAccount) -> impl IntoView {
    let regions: Vec<String> = one.regions.iter().map(ToString::to_string).collect();
    view! {
        <tr>
            <td class="numeric">{one.line}</td>
            <td><AccountLabel alias=one.alias id=one.account.as_str()/></td>
            <td>{regions.join(", ")}</td>
            <td><code>{one.role.name().to_owned()}</code></td>
            <td class="cell-wide">{one.features.words()}</td>
        </tr>
    }
}

fn show_done(done: Enrolled) -> impl IntoView {
    let added = done.accounts.iter().filter(|one| one.added).count();
    let title = format!(
        "{} registered",
        counted(added as u64, "account is", "accounts are")
    );
    let wrong = (!done.wrong.is_empty()).then(|| wrong_table(done.wrong));
    let rows = done.accounts.into_iter().map(result).collect_view();
    view! {
        <Notice tone=Tone::Good title=title>
            <p>
                "Each has an external id of its own. Now make the roles: the template below serves every account, as a "
                "CloudFormation StackSet or as Terraform. The console looks for the roles every few seconds, for half an hour; "
                "after that with each reading of the account."
            </p>
            {template_form()}
        </Notice>
        {wrong}
        <Table
            label="What became of each account"
            columns=vec![Column::number("Line"), Column::text("Account"), Column::text("Result")]
        >
            {rows}
        </Table>
        <p><a class="button" href="/accounts">"See the accounts"</a></p>
    }
}

fn result(one: EnrolledAccount) -> impl IntoView {
    let href = format!("/accounts/{}", one.account);
    let badge = if one.added {
        view! { <Badge tone=Tone::Good text="registered"/> }.into_any()
    } else {
        view! { <Badge tone=Tone::Bad text="not registered"/> }.into_any()
    };
    view! {
        <tr>
            <td class="numeric">{one.line}</td>
            <td><a class="row-link" href=href><AccountLabel alias=one.alias id=one.account.as_str()/></a></td>
            <td>{badge} " " {one.why}</td>
        </tr>
    }
}
