UPDATE ticket SET tags = ' billing vpn ', priority = 'urgent' WHERE id = 1;
