from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("document", "0002_made_behind_the_page"),
    ]

    operations = [
        migrations.AddField(
            model_name="edition",
            name="pages",
            field=models.JSONField(default=dict),
        ),
    ]
