//! Keys, policies, lists, subscribers and kept answers.

use domain::time::{DAY, Micros};
use store::{
    ApiKey, Approval, Endpoint, List, ListEntry, NewPolicy, NewRecord, Payload, Remembered, Secret,
};

use crate::support::events::{NOON, batch};
use crate::support::on_both_engines;

fn api_key(id: &str) -> ApiKey {
    ApiKey {
        id: id.to_owned(),
        name: "shop server".to_owned(),
        scopes: vec!["decide".to_owned(), "read".to_owned()],
        test: true,
        created_at: NOON,
        revoked_at: None,
        last_used_at: None,
    }
}

#[tokio::test]
async fn a_key_is_known_by_its_text_until_it_is_revoked() {
    on_both_engines(async |database| {
        let store = database.open().await;
        store.create_api_key(&api_key("key_1"), "sk_test_one").await.unwrap();
        store.create_api_key(&api_key("key_2"), "sk_test_two").await.unwrap();
        assert_eq!(store.api_key_of("sk_test_one").await.unwrap(), Some(api_key("key_1")));
        assert_eq!(store.api_key_of("sk_test_on").await.unwrap(), None);
        assert!(store.create_api_key(&api_key("key_3"), "sk_test_one").await.is_err());

        store.touch_api_key("key_1", NOON.plus(5)).await.unwrap();
        assert!(store.revoke_api_key("key_1", NOON.plus(9)).await.unwrap());
        assert!(!store.revoke_api_key("key_1", NOON.plus(10)).await.unwrap());
        let key = store.api_key_of("sk_test_one").await.unwrap().unwrap();
        assert_eq!(key.revoked_at, Some(NOON.plus(9)));
        assert_eq!(key.last_used_at, Some(NOON.plus(5)));
        assert_eq!(store.api_keys().await.unwrap().len(), 2);
    })
    .await;
}

fn policy(id: &str) -> NewPolicy {
    NewPolicy {
        id: id.to_owned(),
        text: "default = \"allow\"".to_owned(),
        digest: [3; 32],
        note: "first".to_owned(),
        created_by: "key_1".to_owned(),
        created_at: NOON,
    }
}

#[tokio::test]
async fn a_policy_is_approved_by_another_key_and_put_into_force_by_the_log() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let one = store.propose_policy(&policy("pol_1")).await.unwrap();
        let two = store.propose_policy(&policy("pol_2")).await.unwrap();
        assert!(one < two);
        let approve = |number, by| {
            let store = store.clone();
            async move { store.approve_policy(number, by, NOON.plus(1)).await.unwrap() }
        };
        assert_eq!(approve(one, "key_1").await, Approval::SameKey);
        assert_eq!(approve(one, "key_2").await, Approval::Approved);
        assert_eq!(approve(one, "key_3").await, Approval::AlreadyApproved);
        assert_eq!(approve(99, "key_2").await, Approval::NotFound);
        assert_eq!(store.active_policy().await.unwrap(), None);

        let mut head = store.head().await.unwrap();
        for number in [one, two, one] {
            let record = NewRecord {
                position: head.position + 1,
                payload: Payload::PolicyActivated { policy: number },
                received_at: NOON,
                body: Vec::new(),
                account_name: None,
                outbox: Vec::new(),
            };
            head = store.commit(&head, batch(vec![record])).await.unwrap();
            assert_eq!(store.active_policy().await.unwrap().unwrap().number, number);
        }
        let version = store.policy_by_id("pol_1").await.unwrap().unwrap();
        assert_eq!(version.proposed, policy("pol_1"));
        assert_eq!(version.approved_by.as_deref(), Some("key_2"));
        assert_eq!(version.activated_at, Some(NOON));
        assert_eq!(store.policy(one).await.unwrap(), Some(version));
        let numbers = |limit, before| {
            let store = store.clone();
            async move {
                let found = store.policies(limit, before).await.unwrap();
                found.into_iter().map(|version| version.number).collect::<Vec<_>>()
            }
        };
        assert_eq!(numbers(9, None).await, [two, one]);
        assert_eq!(numbers(9, Some(two)).await, [one]);
        assert_eq!(numbers(1, None).await, [two]);
    })
    .await;
}

fn entry(value: &str, expires_at: Option<Micros>) -> ListEntry {
    ListEntry {
        value: value.to_owned(),
        note: Some("seen in a wave".to_owned()),
        created_by: "key_1".to_owned(),
        created_at: NOON,
        expires_at,
    }
}

#[tokio::test]
async fn a_list_holds_values_until_they_expire_or_are_taken_off() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let list = List {
            name: "blocked".to_owned(),
            kind: "ip".to_owned(),
            note: "by the desk".to_owned(),
            created_at: NOON,
        };
        assert!(!store.put_list_entry("blocked", &entry("192.0.2.1", None)).await.unwrap());
        store.put_list(&list).await.unwrap();
        store.put_list(&list).await.unwrap();
        assert_eq!(store.lists().await.unwrap(), [list]);
        for (value, expires_at) in
            [("192.0.2.1", None), ("192.0.2.2", Some(NOON.plus(DAY))), ("192.0.2.3", None)]
        {
            assert!(store.put_list_entry("blocked", &entry(value, expires_at)).await.unwrap());
        }
        let values = async |now: Micros| {
            let mut values = Vec::new();
            let mut after: Option<String> = None;
            loop {
                let page = store.list_entries("blocked", now, 1, after.as_deref()).await.unwrap();
                let Some(found) = page.into_iter().next() else { break };
                assert_eq!(found.note.as_deref(), Some("seen in a wave"));
                after = Some(found.value.clone());
                values.push(found.value);
            }
            values.sort();
            values
        };
        assert_eq!(values(NOON).await, ["192.0.2.1", "192.0.2.2", "192.0.2.3"]);
        assert_eq!(values(NOON.plus(DAY)).await, ["192.0.2.1", "192.0.2.3"]);
        assert_eq!(store.prune(NOON.plus(DAY), NOON).await.unwrap(), 1);
        assert!(store.delete_list_entry("blocked", "192.0.2.3").await.unwrap());
        assert!(!store.delete_list_entry("blocked", "192.0.2.3").await.unwrap());
        let longer = entry("192.0.2.1", Some(NOON.plus(9 * DAY)));
        assert!(store.put_list_entry("blocked", &longer).await.unwrap());
        assert_eq!(store.list_entries("blocked", NOON, 9, None).await.unwrap(), [longer]);
        assert!(store.delete_list("blocked").await.unwrap());
        assert!(store.list_entries("blocked", NOON, 9, None).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn while_a_secret_rotates_both_sign_and_then_only_the_new_one() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let endpoint = Endpoint {
            number: 1,
            id: "ep_1".to_owned(),
            url: "https://shop.example/hook?t=1".to_owned(),
            kinds: vec!["incident.opened".to_owned(), "decision.created".to_owned()],
            disabled: None,
            created_at: NOON,
            rotating_until: None,
        };
        let number = store.create_endpoint(&endpoint, &Secret::new(vec![1; 24])).await.unwrap();
        assert_eq!(store.endpoints().await.unwrap(), std::slice::from_ref(&endpoint));
        let secrets = async |now| -> Vec<Vec<u8>> {
            let (_, secrets) = store.endpoint(number, now).await.unwrap().unwrap();
            secrets.iter().map(|secret| secret.expose().to_vec()).collect()
        };
        assert_eq!(secrets(NOON).await, [[1; 24]]);
        let new = Secret::new(vec![2; 24]);
        assert!(store.rotate_endpoint_secret("ep_1", &new, NOON.plus(DAY)).await.unwrap());
        assert!(!store.rotate_endpoint_secret("ep_9", &new, NOON).await.unwrap());
        assert_eq!(secrets(NOON).await, [[2; 24], [1; 24]]);
        assert_eq!(secrets(NOON.plus(DAY)).await, [[2; 24]]);
        assert!(store.endpoint(number + 1, NOON).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_kept_answer_is_given_again_until_it_expires() {
    on_both_engines(async |database| {
        let store = database.open().await;
        let answer = Remembered {
            digest: vec![1; 32],
            status: 201,
            response: b"{}".to_vec(),
            expires_at: NOON.plus(DAY),
        };
        assert!(store.remember_answer("key_1", "a", &answer, NOON).await.unwrap());
        let other = Remembered { status: 500, ..answer.clone() };
        assert!(!store.remember_answer("key_1", "a", &other, NOON).await.unwrap());
        let found = store.remembered_answer("key_1", "a", NOON).await.unwrap();
        assert_eq!(found, Some(answer.clone()));
        assert_eq!(store.remembered_answer("key_2", "a", NOON).await.unwrap(), None);
        assert_eq!(store.remembered_answer("key_1", "b", NOON).await.unwrap(), None);

        let next_day = NOON.plus(DAY);
        assert_eq!(store.remembered_answer("key_1", "a", next_day).await.unwrap(), None);
        let renewed = Remembered { expires_at: NOON.plus(2 * DAY), ..other };
        assert!(store.remember_answer("key_1", "a", &renewed, next_day).await.unwrap());
        let found = store.remembered_answer("key_1", "a", next_day).await.unwrap();
        assert_eq!(found, Some(renewed));
        assert_eq!(store.prune(NOON.plus(3 * DAY), NOON).await.unwrap(), 1);
    })
    .await;
}
