extension Catalogue {
    /// Signing in and first steps.
    static let doors = #"""
        sign-in.title | Sign in | Iniciar sesión | Oturum aç
        sign-in.submit | Sign in | Iniciar sesión | Oturum aç
        sign-in.wrong | This is not the password. | Esta no es la contraseña. | Parola bu değil.
        sign-in.throttled | Too many tries. Wait 1 second, then try again. ~ Too many tries. Wait {n} seconds, then try again. | Demasiados intentos. Espera 1 segundo y vuelve a probar. ~ Demasiados intentos. Espera {n} segundos y vuelve a probar. | Çok fazla deneme. {n} saniye bekleyip tekrar deneyin.
        sign-in.ended | Your session has ended. Sign in to go on where you were. | Tu sesión ha terminado. Inicia sesión para seguir donde estabas. | Oturumunuz sona erdi. Kaldığınız yerden sürdürmek için oturum açın.
        sign-in.link-spent | This link was used already, or is too old. Run the command again for a new one. | Este enlace ya se usó o es demasiado antiguo. Ejecuta el comando otra vez para obtener uno nuevo. | Bu bağlantı kullanılmış ya da eskimiş. Yenisi için komutu tekrar çalıştırın.
        sign-in.forgot | Forgot the password? | ¿Olvidaste la contraseña? | Parolayı mı unuttunuz?
        sign-in.forgot-answer | Whoever runs the server can print a link that sets a new one: | Quien administra el servidor puede obtener un enlace para crear una nueva: | Sunucuyu çalıştıran kişi, yeni parola belirleyen bir bağlantı alabilir:
        sign-in.first-run | No password is set yet. Run this where the server runs, and open the link that it prints: | Todavía no hay contraseña. Ejecuta esto en el servidor y abre el enlace que muestra: | Henüz parola belirlenmedi. Bunu sunucuda çalıştırıp yazdırdığı bağlantıyı açın:
        link.sentence | This link signs you in once. Press the button to use it. | Este enlace inicia sesión una vez. Pulsa el botón para usarlo. | Bu bağlantı bir kez oturum açar. Kullanmak için düğmeye basın.
        link.change | Choose a new password instead | Elegir una contraseña nueva | Bunun yerine yeni parola belirle
        continue.title | Opening the page… | Abriendo la página… | Sayfa açılıyor…
        continue.go | Go on | Continuar | Devam et
        set-password.title | Choose a password | Elige una contraseña | Parola belirleyin
        set-password.sentence | It opens this console from now on. The link that brought you here works once. | A partir de ahora abre esta consola. El enlace que te trajo aquí funciona una sola vez. | Bundan sonra bu konsolu açar. Sizi buraya getiren bağlantı bir kez çalışır.
        set-password.help | At least {n} characters; a sentence is easy to remember. | Al menos {n} caracteres; una frase es fácil de recordar. | En az {n} karakter; bir cümle kolay hatırlanır.
        set-password.submit | Set password and sign in | Guardar contraseña y entrar | Parolayı kaydet ve oturum aç
        set-password.too-short | This is too short: use {n} characters or more. | Es demasiado corta: usa {n} caracteres o más. | Bu çok kısa: en az {n} karakter kullanın.
        set-password.too-long | This is too long: use {n} bytes or fewer. | Es demasiado larga: usa {n} bytes o menos. | Bu çok uzun: en fazla {n} bayt kullanın.
        set-password.differ | The two passwords differ. Type the same one twice. | Las dos contraseñas son distintas. Escribe la misma dos veces. | İki parola farklı. Aynısını iki kez yazın.
        set-password.common | Many people use this password, so it is tried first. Choose another. | Mucha gente usa esta contraseña, así que es de las primeras que se prueban. Elige otra. | Bu parolayı çok kişi kullanıyor, ilk o denenir. Başka bir parola seçin.
        field.password | Password | Contraseña | Parola
        field.current-password | Current password | Contraseña actual | Şimdiki parola
        field.new-password | New password | Contraseña nueva | Yeni parola
        field.password-again | The same again | La misma otra vez | Tekrar aynısı
        field.source-name | Name of the source | Nombre de la fuente | Kaynağın adı
        field.token-name | Name of the token | Nombre del token | Jetonun adı
        steps.title | Welcome. Let's get your first event in. | Te damos la bienvenida. Recibamos tu primer evento. | Hoş geldiniz. İlk olayınızı alalım.
        steps.sentence | Each step ticks itself off as it happens. | Cada paso se marca solo cuando ocurre. | Her adım, gerçekleştikçe kendiliğinden işaretlenir.
        steps.done | done | hecho | tamam
        steps.open | to do | pendiente | yapılacak
        steps.source | Connect a source | Conecta una fuente | Bir kaynak bağlayın
        steps.source-text | A source is where events come from: your site, your app, your shop. Name the first one. | Una fuente es el lugar de donde vienen los eventos: tu web, tu app, tu tienda. Ponle nombre a la primera. | Kaynak, olayların geldiği yerdir: siteniz, uygulamanız, mağazanız. İlkine bir ad verin.
        steps.snippet | Copy one of these into {source}, or just run the first in a terminal. | Copia uno de estos en {source}, o ejecuta el primero en una terminal. | Bunlardan birini {source} içine kopyalayın ya da ilkini terminalde çalıştırın.
        steps.event | See the first event arrive | Mira llegar el primer evento | İlk olayın gelişini görün
        steps.event-text | It shows up here within a second of being sent. | Aparece aquí menos de un segundo después de enviarse. | Gönderildikten sonra bir saniye içinde burada görünür.
        steps.waiting | Waiting for the first event… | Esperando el primer evento… | İlk olay bekleniyor…
        steps.refused | An event came and was refused: {why}. | Llegó un evento y fue rechazado: {why}. | Bir olay geldi ve reddedildi: {why}.
        steps.open-quarantine | Open Quarantine | Abrir Cuarentena | Karantinayı aç
        steps.segment | Make your first segment | Crea tu primer segmento | İlk segmentinizi oluşturun
        steps.segment-text | People chosen by what they are and what they did; the number counts while you write. It is done when somebody is in it. | Personas elegidas por lo que son y lo que hicieron; el número se calcula mientras escribes. Está hecho cuando hay alguien dentro. | Kim oldukları ve ne yaptıklarıyla seçilen kişiler; siz yazarken sayılır. İçinde biri olunca tamamdır.
        steps.message | Catch your first message | Captura tu primer mensaje | İlk mesajınızı yakalayın
        steps.message-text | Set the mail server to catcher and send a test mail: it lands in the mail catcher, and with nobody else. | Pon catcher como servidor de correo y envía un correo de prueba: llega al buzón de pruebas y a nadie más. | E-posta sunucusunu catcher yapıp bir deneme e-postası gönderin: yalnızca e-posta yakalayıcıya düşer.
        steps.open-live | Open Live | Abrir En vivo | Canlı'yı aç
        """#
}
