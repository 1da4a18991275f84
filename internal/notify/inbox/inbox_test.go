package inbox_test

import (
	"testing"
	"time"

	"github.com/openbeian/beian/internal/notify"
	"github.com/openbeian/beian/internal/notify/inbox"
	"github.com/openbeian/beian/internal/store/storetest"
)

func TestTheBoxKeepsEachMessageOnce(t *testing.T) {
	t.Parallel()
	box := inbox.New(storetest.NewSQLite(t))
	at := time.Date(2026, 11, 24, 4, 0, 0, 0, time.UTC)
	mail := notify.Message{Ref: "01", Medium: notify.Mail, To: "zhang@example.com", Subject: "备案成功", Text: "您好", At: at}
	sms := notify.Message{Ref: "02", Medium: notify.SMS, To: "13800000001", Text: "验证码 483920", At: at.Add(time.Second)}
	for _, m := range []notify.Message{mail, sms, mail} {
		if err := box.Send(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	if !box.Deduplicates() {
		t.Error("the box drops repetitions")
	}
	first, next, err := box.Messages(t.Context(), "", 1)
	if err != nil || len(first) != 1 || next == "" {
		t.Fatalf("%v, next %q, %v", first, next, err)
	}
	if m := first[0]; m.ID != "02" || m.Medium != "sms" || m.Recipient != "13800000001" || m.Body != "验证码 483920" || !m.CreatedAt.Equal(sms.At) {
		t.Errorf("the newest is %+v", m)
	}
	rest, end, err := box.Messages(t.Context(), next, 10)
	if err != nil || len(rest) != 1 || end != "" {
		t.Fatalf("%v, end %q, %v", rest, end, err)
	}
	if m := rest[0]; m.Medium != "mail" || m.Subject != "备案成功" || m.Body != "您好" {
		t.Errorf("the other is %+v", m)
	}
}

func TestACursorThatIsBrokenIsRefused(t *testing.T) {
	t.Parallel()
	if _, _, err := inbox.New(storetest.NewSQLite(t)).Messages(t.Context(), "?", 10); err == nil {
		t.Error("it is accepted")
	}
}
