from tests.house.test_doors import *
def test_x(street):
    for kind in ("staff","machine"):
        for rule, guard in street.rules(kind):
            ids=street.ids(rule)
            if ids is None: continue
            path=street.path(rule,ids)
            if "GET" in rule.methods:
                home=[street.app.test_client().get(path,headers=street.home_key).status_code] if kind=="machine" else [street.home[r].get(path).status_code for r in street.home if r in guard.allows]
                if not any(s<400 for s in home): print("UNREACHED",path,home)
            elif kind=="staff":
                for role in set(street.away)&guard.allows:
                    c=street.away[role]
                    r=c.post(path,data={"csrf_token":token(c),"why":"x","reason":"x","advice":"x","cause":"other"})
                    print("POST",rule.rule,role,r.status_code)
    assert 0
